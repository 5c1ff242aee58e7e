package dev.fovea.jobs.training.stage2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.training.loop.Photographs;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedCritic;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fine-tuning as a user meets it: through the command line. */
class FineTuneTest {
  private static final Configuration CONFIGURATION = new Configuration();
  private static final UpscalerConfig UPSCALER =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 1, 1);

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path train;
  private static Path test;
  private static Path base;

  @BeforeAll
  static void writePicturesAndAModel() throws IOException {
    train = Photographs.write(shared.resolve("train"), 4, 48, 40);
    test = Photographs.write(shared.resolve("test"), 1, 64, 64);
    base = shared.resolve("base");
    TestCheckpoints.save(base, UPSCALER, 3);
  }

  @Test
  void goesOnFromStageOneOnBothEnginesAndNeedsNoCriticAfterwards() throws IOException {
    Path photographs = SharedData.require("benchmarks/Set5");
    assertThat(
            CommandRun.of(
                    "pretrain",
                    "--master=local[2]",
                    "--train-images-path=" + photographs,
                    "--test-images-path=" + photographs,
                    "--checkpoint-path=" + folder.resolve("stage-1"),
                    "--run-dir-path=" + folder.resolve("pretrain"),
                    "--num-channels=4",
                    "--num-layers=1",
                    "--decoder-gain=0.1",
                    "--target-resolution=64",
                    "--batch-size=4",
                    "--gradient-accumulation-steps=1",
                    "--num-epochs=2",
                    "--seed=3")
                .code())
        .isZero();
    List<String> options =
        List.of(
            "--base-model-path=" + folder.resolve("stage-1"),
            "--train-images-path=" + photographs,
            "--test-images-path=" + photographs,
            "--target-resolution=64",
            "--gradient-accumulation-steps=1",
            "--learning-rate=1e-3",
            "--learning-rate-schedule=cosine",
            "--critic-warmup-epochs=1",
            "--checkpoint-interval=1",
            "--keep-checkpoints=1",
            "--eval-interval=1");

    CommandRun first = run(with(options, "--engine=nd4j", "--num-epochs=2"));

    assertThat(first.err()).doesNotContain("fovea fine-tune:");
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("critic: 23,483,521 parameters; it learns alone for 1 epoch, adversarial term on")
        .contains("base model  " + folder.resolve("stage-1") + " at step 4  PSNR ")
        .containsPattern("epoch 1/2  step 3  warm-up: critic loss .* gradient norm .* accuracy ")
        .containsPattern(
            "epoch 2/2  step 6  reconstruction .* tv .* adversarial .* gradient norm .* critic loss"
                + " .* on real, .* on fake  rate .*, .* pictures/s  waiting")
        .containsPattern("evaluation  step 3  .* beside the base model's .*: \\+0.00 dB, ")
        .containsPattern("evaluation  step 6  PSNR .* SSIM .* VIF .* beside the base model's");

    CommandRun resumed = run(with(options, "--engine=torch", "--num-epochs=3", "--resume"));

    assertThat(resumed.err()).doesNotContain("fovea fine-tune:");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).contains("resumed at step 6, epoch 3", "evaluation  step 9");
    assertThat(line(resumed.out(), "base model")).isEqualTo(line(first.out(), "base model"));
    List<RunEvent> events = RunEvents.read(CONFIGURATION, hadoop("run"));
    for (String name :
        List.of("reconstruction", "tv", "adversarial", "gradient_norm", "learning_rate")) {
      assertThat(count(events, "train/" + name)).as(name).isEqualTo(2);
    }
    for (String name :
        List.of(
            "critic_loss",
            "critic_gradient_norm",
            "critic_accuracy_real",
            "critic_accuracy_fake",
            "critic_learning_rate",
            "pictures_per_second",
            "waiting_share")) {
      assertThat(count(events, "train/" + name)).as(name).isEqualTo(3);
    }
    assertThat(count(events, "base/psnr")).isEqualTo(1);
    assertThat(count(events, "test/vif")).isEqualTo(3);

    Path checkpoint = folder.resolve("checkpoint");
    Files.delete(checkpoint.resolve("step-00000009/critic.safetensors"));
    Files.delete(checkpoint.resolve("step-00000009/critic-optimizer.safetensors"));
    CommandRun evaluated =
        CommandRun.of(
            "evaluate",
            "--master=local[2]",
            "--images-path=" + photographs,
            "--checkpoint-path=" + checkpoint,
            "--report-path=" + folder.resolve("report"));
    assertThat(evaluated.err()).doesNotContain("passed over");
    assertThat(evaluated.code()).isZero();
    Path small = Photographs.write(folder.resolve("small"), 1, 24, 20).resolve("picture-000.png");
    assertThat(
            CommandRun.of(
                    "upscale",
                    "--image-path=" + small,
                    "--checkpoint-path=" + checkpoint,
                    "--output-path=" + folder.resolve("large.png"))
                .code())
        .isZero();
    assertThat(folder.resolve("large.png")).isNotEmptyFile();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--base-model-path nowhere      | --base-model-path 'nowhere': no checkpoint at",
        "--base-model-path nowhere      | the reference also calls it checkpoint_path",
        "--upscale-ratio 4              | --upscale-ratio '4': the base model's is 2, which",
        "--target-resolution 33         | --target-resolution '33': a multiple of the base model's upscale ratio 2",
        "--critic-model-size tiny       | --critic-model-size 'tiny': one of small, medium, large",
        "--critic-warmup-epochs -1      | --critic-warmup-epochs '-1': 0 or more is allowed",
        "--critic-learning-rate 0       | --critic-learning-rate '0': a number above 0 is allowed",
        "--adversarial maybe            | --adversarial 'maybe': one of on, off",
        "--train-images-path nowhere    | --train-images-path 'nowhere'",
        "--num-channels 64              | there is no option --num-channels",
        "--resume --overwrite           | --resume and --overwrite exclude each other",
      })
  void wrongInputIsOneLineAndExitCodeTwo(String options, String message) {
    CommandRun run = run(List.of(options.split(" ", -1)));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .filteredOn(line -> line.startsWith("fovea fine-tune:"))
        .singleElement()
        .asString()
        .contains(message);
    assertThat(Files.exists(folder.resolve("checkpoint"))).isFalse();
  }

  @Test
  void fineTunedModelIsNoBaseModel() throws IOException {
    Path tuned = folder.resolve("tuned");
    saveFineTuned(tuned, TinyFineTune.CRITIC);

    CommandRun run = run(List.of("--base-model-path", tuned.toString()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--base-model-path '" + tuned + "'", "fine-tuned already", "--resume");
  }

  @Test
  void onlyARunWithTheSameCriticAndTermIsResumed() throws IOException {
    saveFineTuned(folder.resolve("checkpoint"), TinyFineTune.CRITIC);
    assertThat(run(List.of("--resume")).err())
        .contains("--checkpoint-path", "numChannels=2", "--critic-model-size", "numChannels=64");
    assertThat(run(List.of()).err()).contains("--checkpoint-path", "--resume", "--overwrite");

    TestCheckpoints.save(folder.resolve("stage-1"), UPSCALER, 3);
    CommandRun ofStageOne =
        run(List.of("--resume", "--checkpoint-path=" + folder.resolve("stage-1")));
    assertThat(ofStageOne.code()).isEqualTo(2);
    assertThat(ofStageOne.err()).contains("--checkpoint-path", "model of stage 1");
  }

  @Test
  void pretrainDoesNotGoOnWithAFineTunedModel() throws IOException {
    saveFineTuned(folder.resolve("checkpoint"), TinyFineTune.CRITIC);

    CommandRun run =
        CommandRun.of(
            "pretrain",
            "--train-images-path=" + train,
            "--test-images-path=" + test,
            "--checkpoint-path=" + folder.resolve("checkpoint"),
            "--resume");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--checkpoint-path", "holds a fine-tuned model");
  }

  @Test
  void criticThatIsAlwaysRightIsAWarningAndAnEvent() throws IOException {
    // The picture of an untrained network is easily told from a photograph.
    TinyFineTune run =
        new TinyFineTune(base, train, test, folder.resolve("run"), "nd4j", 1, 16, 0.3);

    String printed = run.resume();

    assertThat(printed).containsPattern("epoch \\d+/16: the critic has collapsed: loss ");
    assertThat(
            count(RunEvents.read(CONFIGURATION, hadoop("run/figures")), "warning/critic_collapsed"))
        .isPositive();
  }

  private static void saveFineTuned(Path path, CriticConfig config) throws IOException {
    AdafactorConfig adafactor = AdafactorConfig.of(1e-2, -0.8);
    LossConfig loss = new LossConfig(ReconstructionLoss.MSE, 0);
    ComputationGraph upscaler =
        UpscalerGraph.initialised(UpscalerGraph.training(UPSCALER, loss, adafactor), 1);
    ComputationGraph critic = CriticGraph.initialised(CriticGraph.training(config, adafactor), 1);
    Checkpoint checkpoint =
        new Checkpoint(
            new TrainedUpscaler(UPSCALER, upscaler.params()),
            loss,
            adafactor,
            upscaler.getUpdater().getStateViewArray(),
            new TrainingState(
                "run-1",
                3,
                1,
                0,
                7,
                0.5,
                Map.of("adversarial", "on"),
                new Provenance("0.1.0", "1.0.0-M2.1", "3.5.9", "nd4j", "fp32", "ab12")),
            Optional.of(
                new TrainedCritic(
                    config, critic.params(), critic.getUpdater().getStateViewArray())));
    HadoopCheckpointStore.at(
            new org.apache.hadoop.fs.Path(path.toUri()), CONFIGURATION, warning -> {})
        .writer("run-1", Existing.REFUSE, 1)
        .write(checkpoint);
  }

  private CommandRun run(List<String> options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "fine-tune",
                "--master=local[2]",
                "--base_model_path=" + base,
                "--train_images_path=" + train,
                "--test_images_path=" + test,
                "--checkpoint-path=" + folder.resolve("checkpoint"),
                "--run-dir-path=" + folder.resolve("run"),
                "--target-resolution=32",
                "--batch-size=2",
                "--seed=3"));
    arguments.addAll(options);
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private static long count(List<RunEvent> events, String name) {
    return events.stream().filter(event -> event.name().equals(name)).count();
  }

  private static String line(String printed, String start) {
    return printed.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }
}
