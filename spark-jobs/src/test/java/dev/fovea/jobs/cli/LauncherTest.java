package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.support.console.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code submit/fovea}, with a Java and a Spark that print their arguments. */
class LauncherTest {
  private static final String PRINT_ARGUMENTS =
      "#!/usr/bin/env bash\nprintf 'called %s\\n' \"$0\"\nprintf '<%s>\\n' \"$@\"\n";

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void layOutABuild() throws IOException {
    root = folder.resolve("a folder");
    Path repository = repository();
    copy(repository, "submit/fovea");
    copy(repository, "conf/java-options");
    for (String jar :
        List.of("fovea-spark-jobs-1.jar", "scala-library-2.jar", "fovea-model-1.jar", "x.jar")) {
      write(root.resolve("spark-jobs/target/fovea/lib").resolve(jar), "");
    }
    write(root.resolve("jdk 17/bin/java"), PRINT_ARGUMENTS);
    write(root.resolve("jdk 17/release"), "JAVA_VERSION=\"17.0.9\"\n");
    write(root.resolve("spark 3/bin/spark-submit"), PRINT_ARGUMENTS);
    write(root.resolve("spark 3/jars/x.jar"), "");
  }

  @Test
  void javaIsStartedFromAnyFolderAndThroughALinkWithTheArgumentsAsTheyAre() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("submit/fovea"));
    CommandRun run =
        launch(link, Map.of(), "prepare", "--images-path", "two words", "*", "$HOME", "");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("called " + root.resolve("jdk 17/bin/java"))
        .contains("<@" + root.resolve("conf/java-options") + ">")
        .contains("<%s:%s/*>".formatted(root.resolve("conf"), lib()))
        .endsWith(
            """
            <dev.fovea.jobs.cli.Fovea>
            <prepare>
            <--images-path>
            <two words>
            <*>
            <$HOME>
            <>
            """);
  }

  @Test
  void whatJavaSaysOfItsIncubatorIsLeftOutAndNothingElse() throws Exception {
    String said = "printf '%s' >&2\n";
    String warning = "WARNING: Using incubator modules: jdk.incubator.vector\\n";
    write(
        root.resolve("jdk 17/bin/java"),
        "#!/usr/bin/env bash\n"
            + said.formatted("NOTE: first\\n")
            + said.formatted(warning)
            + said.formatted("half\\rwhole\\n")
            + said.formatted("WARNING: last"));
    assertThat(error()).isEqualTo("NOTE: first\nhalf\rwhole\nWARNING: last");

    write(
        root.resolve("jdk 17/bin/java"), "#!/usr/bin/env bash\n" + said.formatted("none\\nat all"));
    assertThat(error()).isEqualTo("none\nat all");

    write(root.resolve("jdk 17/bin/java"), "#!/usr/bin/env bash\necho now >&9\n");
    assertThat(launch(Map.of(), "info").err()).isEqualTo("now\n");
  }

  @Test
  void heapAndOffHeapAreTakenFromTheEnvironment() throws Exception {
    CommandRun run = launch(Map.of("FOVEA_HEAP", "3g", "FOVEA_OFF_HEAP", "2048m"), "info");

    assertThat(run.out())
        .contains("<-Xmx3072m>")
        .contains("<-Dorg.bytedeco.javacpp.maxbytes=2048m>")
        .contains("<-Dorg.bytedeco.javacpp.maxphysicalbytes=7168m>");
    assertThat(launch(Map.of("FOVEA_HEAP", "lots"), "info").err())
        .contains("FOVEA_HEAP 'lots' is no amount of memory");
  }

  @Test
  void anotherJavaOrNoneIsAnErrorThatSaysWhatIsNeeded() throws Exception {
    write(root.resolve("jdk 17/release"), "JAVA_VERSION=\"21.0.1\"\n");
    CommandRun other = launch(Map.of(), "info");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.errors()).singleElement().asString().contains("is Java 21.0.1", "Java 17");

    CommandRun none = launch(Map.of("JAVA_HOME", "/no/java here"), "info");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.errors()).singleElement().asString().contains("/no/java here", "JDK 17");
  }

  @Test
  void sparkSubmitIsUsedWhereSparkHomeIsSet() throws Exception {
    CommandRun run =
        launch(
            Map.of("SPARK_HOME", root.resolve("spark 3").toString()),
            "prepare",
            "--master",
            "spark://there:7077",
            "a b");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("called " + root.resolve("spark 3/bin/spark-submit"))
        .contains("<--master>\n<spark://there:7077>\n<--class>\n<dev.fovea.jobs.cli.Fovea>")
        .contains("<--jars>\n<" + lib().resolve("fovea-model-1.jar") + ">")
        .containsPattern(
            "<spark\\.executor\\.extraJavaOptions=.*--add-opens=java\\.base/java\\.lang=ALL-UNNAMED ")
        .endsWith(
            "<%s>\n<prepare>\n<--master>\n<spark://there:7077>\n<a b>\n"
                .formatted(lib().resolve("fovea-spark-jobs-1.jar")));
  }

  @Test
  void aClusterThatNeedsSparkSubmitSaysSo() throws Exception {
    CommandRun run = launch(Map.of(), "prepare", "--master=yarn");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errors()).singleElement().asString().contains("'yarn' needs spark-submit");
  }

  @Test
  void yarnIsSubmittedToFromTheBuildsOwnSpark() throws Exception {
    write(lib().resolve("spark-yarn_2.12-3.jar"), "");
    CommandRun run =
        launch(
            Map.of(
                "HADOOP_CONF_DIR", "/etc/hadoop", "FOVEA_SUBMIT_OPTIONS", "--deploy-mode client"),
            "prepare",
            "--master=yarn",
            "a b");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("called " + root.resolve("jdk 17/bin/java"))
        .contains("<%s:/etc/hadoop:%s/*>".formatted(root.resolve("conf"), lib()))
        .contains("<org.apache.spark.deploy.SparkSubmit>\n<--deploy-mode>\n<client>\n<--master>")
        .as("what lies in the build's jars is not sent along twice")
        .doesNotContain("<--jars>")
        .endsWith("<prepare>\n<--master=yarn>\n<a b>\n");
  }

  @Test
  void withoutABuildAndWithoutMavenTheErrorSaysSo() throws Exception {
    Files.delete(lib().resolve("fovea-spark-jobs-1.jar"));
    CommandRun run = launch(Map.of(), "info");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errors()).singleElement().asString().contains("fovea/lib' is missing");
  }

  @Test
  void theOverheadOfTheDriverBoundsWhatItsArraysTake() throws Exception {
    Path settings = root.resolve("settings of a cluster");
    write(settings, "# spark.driver.memoryOverhead 1g\n spark.driver.memoryOverhead = 3g\n");
    CommandRun run =
        launch(
            Map.of(
                "SPARK_HOME", root.resolve("spark 3").toString(),
                "FOVEA_HEAP", "2g",
                "FOVEA_SPARK_DEFAULTS", settings.toString()),
            "prepare",
            "--master=yarn");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("<--master>\n<yarn>\n<--properties-file>\n<" + settings + ">\n")
        .containsPattern(
            "<spark.driver.extraJavaOptions=.*-Dorg.bytedeco.javacpp.maxbytes=2048m"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=4992m ");

    write(settings, "spark.driver.memoryOverhead\t1500m\n");
    CommandRun little =
        launch(
            Map.of(
                "SPARK_HOME", root.resolve("spark 3").toString(),
                "FOVEA_SPARK_DEFAULTS", settings.toString()),
            "prepare");
    assertThat(little.code()).isEqualTo(1);
    assertThat(little.err()).contains("spark.driver.memoryOverhead 1500m", "2g or more");
    assertThat(launch(Map.of("FOVEA_SPARK_DEFAULTS", "/no/such"), "info").err())
        .contains("FOVEA_SPARK_DEFAULTS '/no/such' cannot be read");
  }

  @Test
  void everySettingsFileOfTheRepositoryIsOneThatSparkReads() throws Exception {
    Path conf = repository().resolve("conf");
    List<Path> files;
    try (Stream<Path> all = Files.list(conf)) {
      files =
          all.filter(
                  file ->
                      file.getFileName().toString().matches("spark-defaults-.*\\.conf")
                          && !file.getFileName().toString().contains("local"))
              .toList();
    }
    assertThat(files).hasSize(6);
    for (Path file : files) {
      CommandRun run =
          launch(
              Map.of(
                  "SPARK_HOME", root.resolve("spark 3").toString(),
                  "FOVEA_SPARK_DEFAULTS", file.toString()),
              "prepare");
      assertThat(run.code()).as("%s: %s", file, run.err()).isZero();
      assertThat(run.out()).contains("<--properties-file>\n<" + file + ">");
      Properties settings = new Properties();
      try (var in = Files.newBufferedReader(file)) {
        settings.load(in);
      }
      assertThat(settings.stringPropertyNames())
          .as(file.toString())
          .allMatch(name -> name.startsWith("spark."))
          .contains(
              "spark.executor.cores", "spark.executor.memory", "spark.executor.memoryOverhead");
      assertThat(settings.containsKey("spark.task.resource.gpu.amount"))
          .isEqualTo(file.getFileName().toString().contains("gpu"));
    }
  }

  @Test
  void theApplicationArchiveRunsThroughTheSparkThatIsThere() throws Exception {
    Path archive = folder.resolve("fovea-1");
    Path repository = repository();
    for (String name : List.of("submit/fovea", "conf/java-options")) {
      write(archive.resolve(name), Files.readString(repository.resolve(name)));
    }
    write(archive.resolve("lib/fovea-spark-jobs-1.jar"), "");
    write(archive.resolve("lib/fovea-model-1.jar"), "");
    write(archive.resolve("lib/x.jar"), "");
    CommandRun run =
        launch(
            archive.resolve("submit/fovea"),
            Map.of("SPARK_HOME", root.resolve("spark 3").toString()),
            "prepare");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("<--jars>\n<" + archive.resolve("lib/fovea-model-1.jar") + ">")
        .contains("<" + archive.resolve("lib/fovea-spark-jobs-1.jar") + ">\n<prepare>");
    CommandRun without = launch(archive.resolve("submit/fovea"), Map.of(), "prepare");
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).contains("the application archive holds no Spark: set SPARK_HOME");
  }

  @Test
  void aLocaleThatIsNamedButNotInstalledIsReplacedByOneOfUtf8() throws Exception {
    write(
        root.resolve("jdk 17/bin/java"),
        "#!/usr/bin/env bash\necho \"$(locale charmap 2> /dev/null) $SPARK_LOCAL_IP\"\n");
    for (String name : List.of("xx_YY.UTF-8", "", "C", "POSIX")) {
      CommandRun run = launch(Map.of("LANG", name, "LC_ALL", "", "LC_CTYPE", ""), "info");
      assertThat(run.out()).as("LANG='%s': %s", name, run.err()).isEqualTo("UTF-8 127.0.0.1\n");
    }
  }

  @Test
  void theMasterIsAlsoFoundInAFileOfArguments() throws Exception {
    write(folder.resolve("cluster.args"), "--spark-conf a=b\n# a comment\n--master 'yarn'\n");
    write(
        root.resolve("jdk 17/bin/java"),
        PRINT_ARGUMENTS.replace(
            "\nprintf 'called",
            "\n[ \"${5:-}\" != dev.fovea.jobs.cli.ArgumentFiles ] || exec '%s/bin/java' -cp '%s' \"${@:5}\"\nprintf 'called"
                .formatted(
                    System.getProperty("java.home"), System.getProperty("java.class.path"))));

    CommandRun run = launch(Map.of(), "prepare", "@" + folder.resolve("cluster.args"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errors()).singleElement().asString().contains("'yarn' needs spark-submit");

    CommandRun missing = launch(Map.of(), "prepare", "@" + folder.resolve("nowhere.args"));
    assertThat(missing.code()).as("the program says so").isZero();
    assertThat(missing.out()).contains("<prepare>");
  }

  @Test
  void helpAndVersionAnswerBeforeThereIsABuild() throws Exception {
    Files.delete(lib().resolve("fovea-spark-jobs-1.jar"));
    write(root.resolve("pom.xml"), "<project>\n  <version>7.8.9</version>\n</project>\n");
    CommandRun help = launch(Map.of(), "upscale", "--help");

    assertThat(help.code()).as(help.err()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .contains(
            Fovea.commandLine(new Fovea(Terminal.NONE)).getSubcommands().keySet().stream()
                .map(name -> "\n  " + name + " ")
                .toList());
    assertThat(launch(Map.of(), "--version").out()).isEqualTo("fovea 7.8.9, not built yet\n");
  }

  @Test
  void aBuildShowsThatItGoesOnAndWhyItFailed() throws Exception {
    Path jar = lib().resolve("fovea-spark-jobs-1.jar");
    Files.delete(jar);
    write(root.resolve("pom.xml"), "");
    Path maven = folder.resolve("maven/mvn");
    String path = maven.getParent() + ":" + System.getenv("PATH");
    write(
        maven,
        "#!/usr/bin/env bash\necho '[INFO] Building Fovea model 1'\n: > '%s'\n".formatted(jar));
    CommandRun run = launch(Map.of("PATH", path), "info");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("0 files fetched, at Fovea model 1");
    assertThat(run.out()).contains("<info>");

    Files.delete(jar);
    write(maven, "#!/usr/bin/env bash\necho '[ERROR] no network'\nexit 1\n");
    CommandRun failed = launch(Map.of("PATH", path), "info");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("the build failed", "[ERROR] no network");
  }

  private static Path repository() {
    return Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
        .filter(at -> Files.exists(at.resolve("submit/fovea")))
        .findFirst()
        .orElseThrow();
  }

  private CommandRun launch(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return launch(root.resolve("submit/fovea"), environment, arguments);
  }

  private CommandRun launch(Path script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path err = folder.resolve("stderr");
    Process process = process(script, environment, arguments).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new CommandRun(process.waitFor(), out, Files.readString(err));
  }

  /** All that comes to standard error, also by what outlives the process. */
  private String error() throws IOException {
    Process process = process(root.resolve("submit/fovea"), Map.of(), "info").start();
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private ProcessBuilder process(
      Path script, Map<String, String> environment, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(Path.of("/").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("FOVEA_"));
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("JAVA_HOME", root.resolve("jdk 17").toString());
    builder.environment().putAll(environment);
    return builder;
  }

  private Path lib() {
    return root.resolve("spark-jobs/target/fovea/lib");
  }

  private void copy(Path repository, String name) throws IOException {
    write(root.resolve(name), Files.readString(repository.resolve(name)));
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
