package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands replace no input, and nothing that Fovea did not write unless they are told to. */
class NothingIsLostTest {
  @TempDir static Path shared;

  private static Path checkpoint;

  @TempDir private Path folder;

  private Path photos;
  private byte[] a;
  private byte[] b;

  @BeforeAll
  static void train() throws IOException {
    checkpoint = shared.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(4), 1);
  }

  @BeforeEach
  void photographs() throws IOException {
    photos = Files.createDirectory(folder.resolve("photos"));
    a = PngEncoder.encode(TestPictures.rgb(12, 10, 1));
    b = PngEncoder.encode(TestPictures.rgb(10, 12, 2));
    Files.write(photos.resolve("a.png"), a);
    Files.write(photos.resolve("b.png"), b);
  }

  @Test
  void anArchivesOutputsNeverReplaceItsInputs() throws IOException {
    CommandRun folder = archive(photos, photos, "--output-name={name}.{ext}", "--overwrite");
    assertThat(folder.code()).isEqualTo(2);
    assertThat(folder.err()).contains("it is the output path, too");

    CommandRun run =
        archive(photos.resolve("*.png"), photos, "--output-name={name}.{ext}", "--overwrite");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("upscaled +0").containsPattern("rejected +2");
    assertThat(photos.resolve("a.png")).hasBinaryContent(a);
    assertThat(photos.resolve("b.png")).hasBinaryContent(b);
    assertThat(manifest(photos)).contains("its output a.png is an input of this job");
  }

  @Test
  void aLinkDoesNotHideThatAnOutputIsAnInput() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), photos);

    CommandRun run = archive(link, photos, "--output-name={name}.{ext}", "--overwrite");

    assertThat(run.out()).containsPattern("rejected +2");
    assertThat(photos.resolve("a.png")).hasBinaryContent(a);
  }

  @Test
  void aFileThatNoJobWroteIsReplacedOnlyIfAsked() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Path foreign = Files.writeString(out.resolve("a.png.png"), "somebody's");

    CommandRun kept = archive(photos, out);

    assertThat(kept.code()).as(kept.err()).isZero();
    assertThat(kept.out()).containsPattern("upscaled +1").containsPattern("rejected +1");
    assertThat(foreign).hasContent("somebody's");
    assertThat(manifest(out)).contains("lies a file that no job of Fovea wrote");

    CommandRun again = archive(photos, out);
    assertThat(again.out()).containsPattern("skipped +1").containsPattern("rejected +1");
    assertThat(foreign).hasContent("somebody's");

    CommandRun replaced = archive(photos, out, "--overwrite");
    assertThat(replaced.out()).containsPattern("upscaled +1").containsPattern("skipped +1");
    assertThat(Files.size(foreign)).isGreaterThan(100);
  }

  @Test
  void whatADyingJobHadBegunIsNoForeignFile() throws IOException {
    Path out = folder.resolve("out");
    Path run = Files.createDirectories(out.resolve("_fovea/20260101-000000-000-00000000"));
    Files.writeString(run.resolve("begun-000000.jsonl"), "\"a.png.png\"\n\"b.pn");
    Files.writeString(out.resolve("a.png.png"), "written, and not yet accounted for");

    CommandRun continued = archive(photos, out);

    assertThat(continued.out()).containsPattern("upscaled +2").containsPattern("rejected +0");
  }

  @Test
  void clearingShardsKeepsAnArchivesAccounts() throws IOException {
    Path out = folder.resolve("out");
    archive(photos, out);
    String before = manifest(out);

    CommandRun run =
        CommandRun.of(
            "prepare",
            "--images-path=" + photos,
            "--output-path=" + out,
            "--overwrite",
            "--master=local[1]");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(manifest(out)).isEqualTo(before);
    assertThat(out.resolve("_fovea/upscale.json")).exists();
    assertThat(out.resolve("_fovea/prepare.json")).exists();
  }

  @Test
  void aSinglePictureReplacesNothingUnlessAsked() throws IOException {
    Path out = Files.writeString(folder.resolve("out.png"), "somebody's");
    List<String> command =
        List.of(
            "upscale",
            "--image-path=" + photos.resolve("a.png"),
            "--checkpoint-path=" + checkpoint,
            "--engine=nd4j",
            "--device=cpu");
    refused(with(command, "--output-path=" + out), "a file is there; --overwrite replaces it");
    assertThat(out).hasContent("somebody's");
    assertThat(run(with(command, "--output-path=" + out, "--overwrite")).code()).isZero();
    assertThat(Files.size(out)).isGreaterThan(100);

    Path hard = Files.createLink(folder.resolve("hard.png"), photos.resolve("a.png"));
    refused(
        with(command, "--output-path=" + hard, "--overwrite"), "it is an input of this command");
    refused(
        List.of(
            "upscale",
            "--original=" + photos.resolve("a.png"),
            "--side-by-side-path=" + photos.resolve("a.png"),
            "--checkpoint-path=" + checkpoint,
            "--overwrite"),
        "it is an input of this command");
    assertThat(photos.resolve("a.png")).hasBinaryContent(a);
  }

  @Test
  void exportAndEvaluateReplaceNothingUnlessAsked() throws IOException {
    Path onnx = Files.writeString(folder.resolve("model.onnx"), "somebody's");
    List<String> export =
        List.of(
            "export", "--format=onnx", "--checkpoint-path=" + checkpoint, "--output-path=" + onnx);
    refused(export, "a file is there; --overwrite replaces it");
    assertThat(run(with(export, "--overwrite")).code()).isZero();

    Path report = Files.createDirectory(folder.resolve("site"));
    Files.writeString(report.resolve("index.html"), "somebody's");
    refused(
        List.of(
            "evaluate",
            "--images-path=" + photos,
            "--upscale-ratio=2",
            "--report-path=" + report,
            "--master=local[1]"),
        "it holds a file index.html that is no part of a report of Fovea");
    assertThat(report.resolve("index.html")).hasContent("somebody's");
  }

  private static CommandRun archive(Path in, Path out, String... more) {
    return run(
        with(
            List.of(
                "upscale",
                "--images-path=" + in,
                "--output-path=" + out,
                "--checkpoint-path=" + checkpoint,
                "--engine=nd4j",
                "--device=cpu",
                "--master=local[1]"),
            more));
  }

  private static void refused(List<String> command, String reason) {
    CommandRun run = run(command);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(reason);
  }

  private static CommandRun run(List<String> command) {
    return CommandRun.of(command.toArray(String[]::new));
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static String manifest(Path out) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(out.resolve("_fovea"))) {
      for (Path file :
          files
              .filter(each -> each.getFileName().toString().startsWith("part-"))
              .sorted()
              .toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
