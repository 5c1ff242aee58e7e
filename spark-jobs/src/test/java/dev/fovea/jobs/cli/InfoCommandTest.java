package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.encode.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  private static final UpscalerConfig SHAPE = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 6, 2, 2);

  @TempDir private Path folder;

  @Test
  void aShippedModelHasACardWithItsFigures() {
    CommandRun card = CommandRun.of("info", "--checkpoint-path", "x4-quality");
    assertThat(card.code()).as(card.err()).isZero();
    assertThat(card.out()).contains("2,398,112", "Set14", "PyTorch", "Unsplash");

    CommandRun list = CommandRun.of("models");
    assertThat(list.code()).isZero();
    assertThat(list.out()).contains("x4-quality", "Set5 31.5", "BSDS500");
  }

  @Test
  void aCardSaysWhatACheckpointIsAndHowItCameAbout() throws IOException {
    TestCheckpoints.save(checkpoint(), SHAPE, 1);
    JsonNode card = json();
    assertThat(card.at("/version").asInt()).isEqualTo(1);
    assertThat(card.at("/checkpoint/path").asText()).endsWith("/checkpoint/step-00000007");
    assertThat(card.at("/checkpoint/step").asLong()).isEqualTo(7);
    assertThat(card.at("/checkpoint/files/model.safetensors").asLong())
        .isEqualTo(Files.size(checkpoint().resolve("step-00000007/model.safetensors")));
    JsonNode network = card.at("/network");
    assertThat(network.at("/upscale_ratio").asInt()).isEqualTo(4);
    assertThat(network.at("/parameters").asLong()).isEqualTo(SHAPE.parameterCount());
    // 3*6*25 + 2 blocks of 2*6*12*9 + 6*48*9, for 320 x 180 pixels
    assertThat(network.at("/multiply_adds_720p").asLong()).isEqualTo((450 + 2592 + 2592) * 57_600L);
    assertThat(network.at("/folded_parameters").asLong())
        .isEqualTo(450 + 6 + 2 * (2 * 648 + 12 + 6) + 2592 + 48);
    assertThat(network.at("/receptive_radius").asInt()).isEqualTo(7);
    assertThat(card.at("/training/run_id").asText()).isEqualTo("run-1");
    assertThat(card.at("/training/settings/reconstruction-loss").asText()).isEqualTo("mse");
    assertThat(card.at("/training/made_by/engine").asText()).isEqualTo("nd4j");
    assertThat(card.at("/data/fingerprint").asText()).isEqualTo("ab12");
    assertThat(card.at("/data").has("terms")).isFalse();
    assertThat(card.at("/quality")).isEmpty();
    assertThat(card.at("/speed")).isEmpty();

    assertThat(CommandRun.of("info", "--checkpoint-path", checkpoint().toString()).out())
        .contains("4x, bicubic base, 6 channels, hidden ratio 2, 2 blocks")
        .contains("0.325 billion for a picture of 1280x720")
        .contains("7 steps, 1 epochs, 30 s, seed 3")
        .contains("data's terms   not recorded");
  }

  @Test
  void aRunsFiguresUpToTheCheckpointAreShown() throws IOException {
    TestCheckpoints.save(checkpoint(), SHAPE, 1);
    Path run = Files.createDirectories(folder.resolve("run"));
    RunEvents events =
        RunEvents.begin(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri()));
    for (int step = 5; step <= 9; step++) {
      events.record(step, 1, "test/psnr", 20 + step);
      events.record(step, 1, "test/ssim", 0.8);
      events.record(step, 1, "test/vif", 0.3);
      events.record(step, 1, "train/pictures_per_second", 100 * step);
    }
    events.flush();
    JsonNode card = json("--run-dir-path", run.toString());
    assertThat(card.at("/quality")).hasSize(1);
    assertThat(card.at("/quality/0/source").asText()).isEqualTo("training");
    assertThat(card.at("/quality/0/psnr").asDouble()).isEqualTo(27);
    assertThat(card.at("/speed/0/value").asDouble()).isEqualTo(600);
    assertThat(card.at("/speed/0/unit").asText()).isEqualTo("pictures/s");
    assertThat(
            CommandRun.of(
                    "info",
                    "--checkpoint-path",
                    checkpoint().toString(),
                    "--run-dir-path",
                    run.toString())
                .out())
        .contains("test, protocol rgb: PSNR 27.00, SSIM 0.8000, VIF 0.3000")
        .contains("training: 600 pictures/s");
  }

  @Test
  void aReportsFiguresOfThisCheckpointAreShownBesideBicubic() throws IOException {
    TestCheckpoints.save(checkpoint(), SHAPE, 1);
    Path photographs = Files.createDirectories(folder.resolve("photographs"));
    Files.write(photographs.resolve("one.png"), PngEncoder.encode(TestPictures.rgb(64, 56, 1)));
    CommandRun evaluated =
        CommandRun.of(
            "evaluate",
            "--images-path",
            photographs.toString(),
            "--checkpoint-path",
            checkpoint().toString(),
            "--report-path",
            folder.resolve("report").toString(),
            "--engine",
            "nd4j",
            "--master",
            "local[1]");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    JsonNode quality = json("--report-path", folder.resolve("report").toString()).at("/quality");
    assertThat(quality).hasSize(2);
    assertThat(quality.at("/0/source").asText()).isEqualTo("report");
    assertThat(quality.at("/0/dataset").asText()).isEqualTo("photographs");
    assertThat(quality.at("/0/protocol").asText()).isEqualTo("y");
    assertThat(quality.at("/1/source").asText()).isEqualTo("report, bicubic");
    assertThat(quality.at("/1/psnr").asDouble()).isPositive();

    // Another network's report is not taken for this one's.
    TestCheckpoints.save(folder.resolve("other"), SHAPE, 2);
    Path step = folder.resolve("other/step-00000007");
    assertThat(step).isDirectory();
    CommandRun imported = importedFrom(step);
    assertThat(imported.code()).as(imported.err()).isZero();
    CommandRun wrong =
        CommandRun.of(
            "info",
            "--checkpoint-path",
            folder.resolve("imported").toString(),
            "--report-path",
            folder.resolve("report").toString());
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("it has no figures of step 0 of the run import-");
  }

  @Test
  void termsOfImportedWeightsAreShown() throws IOException {
    TestCheckpoints.save(folder.resolve("other"), SHAPE, 2);
    CommandRun imported = importedFrom(folder.resolve("other/step-00000007"));
    assertThat(imported.code()).as(imported.err()).isZero();
    CommandRun info =
        CommandRun.of("info", "--checkpoint-path", folder.resolve("imported").toString());
    assertThat(info.out()).contains("data's terms   CC BY 4.0, see NOTICE");
  }

  @Test
  void speedIsMeasuredWhereAskedFor() throws IOException {
    TestCheckpoints.save(checkpoint(), SHAPE, 1);
    JsonNode speed = json("--measure-speed", "--engine", "torch", "--device", "cpu").at("/speed/0");
    assertThat(speed.at("/source").asText()).isEqualTo("measured");
    assertThat(speed.at("/what").asText()).contains("torch on cpu");
    assertThat(speed.at("/value").asDouble()).isPositive();
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    Path none = folder.resolve("none");
    CommandRun run = CommandRun.of("info", "--checkpoint-path", none.toString());
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--checkpoint-path '%s': no checkpoint at".formatted(none));
    TestCheckpoints.save(checkpoint(), SHAPE, 1);
    assertThat(failing("--report-path", none)).contains("it holds no report.json");
    assertThat(failing("--run-dir-path", none)).contains("it holds no figures of a run");
  }

  private String failing(String option, Path value) {
    CommandRun run =
        CommandRun.of(
            "info", "--checkpoint-path", checkpoint().toString(), option, value.toString());
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    return run.err();
  }

  /** The way through the reference's layout, which forgets the run. */
  private CommandRun importedFrom(Path step) {
    Path out = folder.resolve("exported");
    CommandRun exported =
        CommandRun.of(
            "export",
            "--format",
            "safetensors",
            "--checkpoint-path",
            step.toString(),
            "--output-path",
            out.resolve("model.safetensors").toString());
    assertThat(exported.code()).as(exported.err()).isZero();
    return CommandRun.of(
        "import",
        "--weights",
        out.resolve("model.safetensors").toString(),
        "--config",
        out.resolve("config.json").toString(),
        "--terms",
        "CC BY 4.0, see NOTICE",
        "--checkpoint-path",
        folder.resolve("imported").toString());
  }

  private JsonNode json(String... more) throws IOException {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "info";
    arguments[1] = "--json";
    arguments[2] = "--checkpoint-path";
    arguments[3] = checkpoint().toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private Path checkpoint() {
    return folder.resolve("checkpoint");
  }
}
