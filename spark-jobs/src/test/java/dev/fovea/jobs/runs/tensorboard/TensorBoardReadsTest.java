package dev.fovea.jobs.runs.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TensorBoard itself reads the files. Needs a Python that has it: the one that {@code FOVEA_PYTHON}
 * names, else {@code python3}.
 */
@Tag("external")
class TensorBoardReadsTest {
  private static final String READ =
      """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      run = EventAccumulator(sys.argv[1])
      run.Reload()
      for e in run.Scalars('train/loss'): print('loss', e.step, e.value, e.wall_time)
      for e in run.Images('samples/baby.png'): print('image', e.step, e.width, e.height, len(e.encoded_image_string))
      print('text', run.Tensors('settings/text_summary')[0].tensor_proto.string_val[0].decode().count('| batch-size | 16 |'))
      print('text runs', run.PluginTagToContent('text').keys())
      """;

  @TempDir Path folder;

  @Test
  void tensorBoardReadsFiguresPicturesAndSettings() throws Exception {
    String python = Optional.ofNullable(System.getenv("FOVEA_PYTHON")).orElse("python3");
    assumeTrue(
        run(python, "-c", "import tensorboard").code() == 0,
        python + " has no tensorboard; pip install tensorboard, or name one by FOVEA_PYTHON");
    RunDescription description =
        new RunDescription(
            "1",
            "pretrain",
            Instant.parse("2026-11-01T12:00:00Z"),
            Map.of("batch-size", "16"),
            Map.of());
    byte[] png = PngEncoder.encode(Picture.rgb(2, 1, new byte[6]));
    TensorBoardFiles files =
        TensorBoardFiles.begin(
            new Configuration(),
            new org.apache.hadoop.fs.Path(folder.toUri()),
            description,
            List.of(event(1, 0.5)),
            List.of());
    files.update(
        List.of(event(2, 0.25)),
        List.of(
            new Shown(
                2, "2026-11-01T12:30:00Z", List.of(new SamplePicture("baby.png", 2, 1, png)))));

    Ran read = run(python, "-c", READ, folder.resolve("tensorboard").toString());

    assertThat(read.code()).as(read.out()).isZero();
    assertThat(read.out().lines())
        .contains(
            "loss 1 0.5 1793536200.25",
            "loss 2 0.25 1793536200.25",
            "image 2 2 1 " + png.length,
            "text 1")
        .anyMatch(line -> line.startsWith("text runs") && line.contains("settings/text_summary"));
  }

  private record Ran(int code, String out) {}

  private static Ran run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor(), out);
    } catch (IOException e) {
      return new Ran(127, e.getMessage());
    }
  }

  private static RunEvent event(long step, double value) {
    return new RunEvent(step, 0, "train/loss", value, "2026-11-01T12:30:00.250Z");
  }
}
