package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoveaTest {
  @TempDir Path folder;

  @Test
  void helpListsTheCommandsAndEndsWithZero() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("prepare", "Check pictures");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpOfACommandShowsDefaultsAndOnlyOneSpelling() {
    CommandRun run = CommandRun.of("prepare", "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--images-path", "Default: 100", "--master").doesNotContain("_");
  }

  @Test
  void versionNamesFoveaSparkAndJava() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("fovea ", "Spark " + package$.MODULE$.SPARK_VERSION(), "Java 17");
  }

  @Test
  void withoutACommandTheUsageIsWrong() {
    CommandRun run = CommandRun.of();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains("a command is missing", "prepare");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://AKIAKEY:Zk8+not-for-anyone@bucket/shards",
        "s3a://AKIAKEY:Zk8/not-for-anyone@bucket/shards",
        "s3://Zk8-not-for-anyone@bucket/shards",
        "hdfs://user:Zk8-not-for-anyone@host:8020/shards",
      })
  void credentialsInAPathAreRefusedAndNotRepeated(String path) {
    for (String[] arguments :
        new String[][] {
          {"prepare", "--images-path", "a", "--output-path", path},
          {"prepare", "--images-path=" + path, "--output-path=b"},
          {"pretrain", "--checkpoint_path", path, "--verbose"},
          {"prepar", path}
        }) {
      CommandRun run = CommandRun.of(arguments);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .contains("://***@", "holds credentials", "AWS_SECRET_ACCESS_KEY")
          .doesNotContain("not-for-anyone", "AKIAKEY");
      assertThat(run.out()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"abfss://container@account/x", "hdfs://host:8020/a@b", "s3a://bucket/x@2"})
  void pathsWithoutCredentialsAreNotTakenForSome(String path) {
    assertThat(CommandRun.of("upscale", "--image-path", path).err())
        .doesNotContain("holds credentials");
  }

  @Test
  void aSettingThatIsRefusedIsNamedWithoutItsValue() {
    CommandRun run =
        CommandRun.of(
            "prepare",
            "--images-path=a",
            "--output-path=b",
            "--spark-conf=fs.s3a.secret.key=Zk8-not-for-anyone");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("fs.s3a.secret.key", "spark.hadoop.")
        .doesNotContain("not-for-anyone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prepar                                          | no command 'prepar'; did you mean"
            + " prepare?",
        "prepare --image-path a --output-path b          | no option --image-path; did you mean"
            + " --images-path?",
        "prepare --image_path=a --output-path b          | no option --image-path; did you mean"
            + " --images-path?",
        "prepare --images-path a --output-path b --zzz 1 | no option --zzz; --help lists",
        "prepare --images-path a                         | --output-path is missing",
        "prepare                                         | --images-path, --output-path are"
            + " missing",
        "prepare --images-path a --output-path           | --output-path needs a value",
        "prepare --images-path a --output-path b --sub-image-size 15  | --sub-image-size '15': 16"
            + " pixels or more",
        "prepare --images-path a --output-path b --sub-image-size x   | --sub-image-size 'x': a"
            + " whole number",
        "prepare --images-path a --output-path b --max-megapixels 0   | --max-megapixels '0': 1 or"
            + " more",
        "prepare --images-path a --output-path b --max-megapixels 1e2 | --max-megapixels '1e2': a"
            + " whole number",
        "prepare --images-path a --output-path b --spark-conf x=1     | --spark-conf 'x': names of"
            + " settings begin",
        "prepare @nowhere.args                           | @nowhere.args: there is no such file",
      })
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String message) {
    CommandRun run = CommandRun.of(arguments.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().startsWith("fovea").contains(message);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void argumentFilesMayUseEitherSpellingQuotesAndComments() throws IOException {
    Path inner = Files.writeString(folder.resolve("inner.args"), "--max_megapixels=7");
    Path file =
        Files.writeString(
            folder.resolve("p.args"),
            """
            # a comment
            --images_path "no such folder" # another
            --output-path 'o # p'
            @%s
            """
                .formatted(inner));
    CommandRun run = CommandRun.of("prepare", "@" + file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--images-path 'no such folder': there is no such");
  }

  @Test
  void quotesAndHashesWithinAWordOfAnArgumentFileBelongToIt() throws IOException {
    Path file = Files.writeString(folder.resolve("p.args"), "--images-path=\"a b#\"c#d");
    CommandRun run = CommandRun.of("prepare", "@" + file, "--output-path", "out");

    assertThat(run.err()).contains("--images-path 'a b#c#d': there is no such");
  }

  @Test
  void laterOptionsWinOverThoseOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("p.args"), "--max-megapixels 0 --output-path b");
    CommandRun run =
        CommandRun.of(
            "prepare", "@" + file, "--images-path", "no such folder", "--max-megapixels", "5");

    assertThat(run.err()).contains("no such folder");
  }

  @Test
  void anArgumentFileThatEndsInsideQuotesIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("p.args"), "--images-path \"a");
    CommandRun run = CommandRun.of("prepare", "@" + file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains("p.args: the file ends inside");
  }

  @Test
  void anArgumentFileThatNamesItselfEnds() throws IOException {
    Path file = folder.resolve("p.args");
    Files.writeString(file, "@" + file);
    CommandRun run = CommandRun.of("prepare", "@" + file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains("10 deep");
  }

  @Test
  void aPictureMayTakeNoLessThanASecond() {
    for (List<String> command :
        List.of(
            List.of("prepare", "--output-path", "out"),
            List.of("upscale", "--output-path", "out"),
            List.of("evaluate", "--report-path", "out", "--upscale-ratio", "2"))) {
      List<String> options = new ArrayList<>(command);
      options.addAll(List.of("--images-path", "in", "--picture-seconds", "0"));

      CommandRun run = CommandRun.of(options.toArray(String[]::new));

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--picture-seconds '0': 1 or more is allowed");
    }
  }

  @Test
  void verboseAddsTheStackTrace() {
    String[] wrong = {"prepare", "--images-path", "no such folder", "--output-path", "b"};

    assertThat(CommandRun.of(wrong).errors()).hasSize(1);
    assertThat(CommandRun.of(append(wrong, "--verbose")).err()).contains("\tat dev.fovea.");
    assertThat(CommandRun.of(append(new String[] {"--verbose"}, wrong)).err())
        .contains("\tat dev.fovea.");
  }

  private static String[] append(String[] first, String... second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
  }
}
