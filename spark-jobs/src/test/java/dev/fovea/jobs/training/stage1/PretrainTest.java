package dev.fovea.jobs.training.stage1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.models.store.CheckpointStore;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.training.loop.Photographs;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pretraining as a user meets it: through the command line. */
class PretrainTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path train;
  private static Path test;

  @BeforeAll
  static void writePictures() throws IOException {
    train = Photographs.write(shared.resolve("train"), 11, 48, 40);
    Files.write(
        train.resolve("small.png"),
        Files.readAllBytes(
            Photographs.write(shared.resolve("small"), 1, 31, 64).resolve("picture-000.png")));
    test = Photographs.write(shared.resolve("test"), 2, 64, 64);
  }

  @Test
  void learnsSavesAndTellsWhatItDid() throws IOException {
    CommandRun run = run("--num-epochs", "8", "--eval-interval", "4", "--checkpoint-interval", "4");

    assertThat(run.err()).doesNotContain("fovea pretrain:");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("training on 11 pictures, 1 smaller than 32 pixels left out")
        .contains("epoch 8/8", "gradient norm", "pictures/s", "waiting")
        .contains("evaluation  step 12", "evaluation  step 24", "checkpoint");
    List<RunEvent> events = RunEvents.read(CONFIGURATION, hadoop("run"));
    List<Double> losses = values(events, "train/loss");
    assertThat(losses).hasSize(8);
    assertThat(losses.get(7)).isLessThan(losses.get(0));
    assertThat(values(events, "test/psnr")).hasSize(2);
    assertThat(values(events, "test/ssim")).hasSize(2);
    assertThat(values(events, "test/vif")).hasSize(2);
    assertThat(folder.resolve("run/training.html")).content().contains("finished", "sample-1");
    assertThat(folder.resolve("run/tensorboard")).isNotEmptyDirectory();
    assertThat(folder.resolve("run/samples/step-00000024/01.png")).exists();
    assertThat(folder.resolve("run/run.json")).content().contains("\"num-channels\" : \"4\"");
    TrainingState state = state();
    assertThat(state.step()).isEqualTo(24);
    assertThat(state.epoch()).isEqualTo(8);
    assertThat(state.seed()).isEqualTo(3);
    assertThat(state.settings()).containsEntry("batch-size", "2");
  }

  @Test
  void anEngineThatDoesNotTrainIsRefused() {
    CommandRun run = run("--engine", "vector");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .containsExactly(
            "fovea pretrain: --engine 'vector': this engine upscales but does not train; torch and"
                + " nd4j do");
  }

  @Test
  void stepsEndARunInTheMiddleOfAnEpochAndItGoesOnFromThere() throws IOException {
    assertThat(run("--max-steps", "4").code()).isZero();
    assertThat(state().epoch()).isEqualTo(1);
    assertThat(state().stepInEpoch()).isEqualTo(1);

    CommandRun resumed = run("--max-steps", "7", "--resume");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).contains("resumed at step 4, epoch 2");
    byte[] inTwoParts = weights("step-00000007");

    assertThat(run("--max-steps", "7", "--overwrite").code()).isZero();
    assertThat(weights("step-00000007")).isEqualTo(inTwoParts);
    assertThat(Files.exists(folder.resolve("checkpoint/step-00000004"))).isFalse();
  }

  @Test
  void theNumberFormatIsRecordedAndAnotherOneIsNotedWhenResumed() throws IOException {
    CommandRun begun = run("--max-steps", "1", "--engine", "nd4j");
    assertThat(begun.code()).isZero();
    assertThat(begun.out()).contains("1 worker with the engine nd4j on auto in fp32");
    assertThat(state().provenance().precision()).isEqualTo("fp32");

    CommandRun resumed =
        run("--max-steps=2", "--engine=torch", "--precision=bf16", "--device=cpu", "--resume");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.err())
        .contains("the checkpoint was trained by nd4j in fp32, training goes on by torch in bf16");
    assertThat(state().provenance().precision()).isEqualTo("bf16");
  }

  @Test
  void anOuterMomentumIsResumedWithItsVelocity() throws IOException {
    String[] outer = {"--outer-momentum=0.5", "--outer-learning-rate=0.8"};
    assertThat(run(with(outer, "--averaging-frequency=2", "--max-steps=3")).code()).isZero();
    assertThat(folder.resolve("checkpoint/step-00000003/outer-velocity.safetensors")).exists();
    assertThat(run(with(outer, "--averaging-frequency=2", "--max-steps=6", "--resume")).code())
        .isZero();
    byte[] inTwoParts = weights("step-00000006");

    assertThat(run(with(outer, "--averaging-frequency=2", "--max-steps=6", "--overwrite")).code())
        .isZero();
    assertThat(weights("step-00000006")).isEqualTo(inTwoParts);

    assertThat(run("--averaging-frequency=2", "--max-steps=6", "--overwrite").code()).isZero();
    assertThat(weights("step-00000006")).isNotEqualTo(inTwoParts);
    assertThat(run("--outer-momentum=1").errors())
        .last()
        .asString()
        .contains("--outer-momentum '1'", "below 1");
  }

  @Test
  void minutesEndARun() throws IOException {
    CommandRun run = run("--max-minutes", "0.02", "--num-epochs", "100000");

    assertThat(run.code()).isZero();
    assertThat(state().elapsedMinutes()).isBetween(0.02, 1.0);
    assertThat(run.out()).contains("evaluation", "checkpoint");
  }

  @Test
  void divergenceNamesStepAndPicturesAndKeepsTheLastCheckpoint() throws IOException {
    assertThat(run("--max-steps", "3").code()).isZero();
    Checkpoint spoilt = store().read();
    spoilt.upscaler().parameters().muli(1e38f);
    store().writer(spoilt.state().runId(), CheckpointStore.Existing.OVERWRITE, 1).write(spoilt);

    CommandRun run = run("--num-epochs", "9", "--resume");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errors())
        .filteredOn(line -> line.startsWith("fovea pretrain:"))
        .singleElement()
        .asString()
        .containsPattern("diverged in step \\d+: .*\\.png.*; the checkpoint of step 3 is kept");
    assertThat(state().step()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--upscale-ratio 3            | --upscale-ratio '3': one of 2, 4, 8 is allowed",
        "--target-resolution 33       | --target-resolution '33': a multiple of --upscale-ratio 2",
        "--target-resolution 4096     | --target-resolution '4096': all 12 pictures",
        "--tv-penalty 1.5             | --tv-penalty '1.5': 0 to 1 is allowed",
        "--hidden-ratio 3             | --hidden-ratio '3': one of 1, 2, 4 is allowed",
        "--batch-size 0               | --batch-size '0': 1 or more is allowed",
        "--learning-rate 0            | --learning-rate '0': a number above 0 is allowed",
        "--rms-decay 0.5              | --rms-decay '0.5': a number below 0 is allowed",
        "--num-epochs none            | --num-epochs 'none': a whole number is needed",
        "--crop-mode half             | --crop-mode 'half': one of",
        "--train-images-path nowhere  | --train-images-path 'nowhere'",
        "--test-images-path nowhere   | --test-images-path 'nowhere'",
        "--device gpu                 | --device 'gpu'",
        "--engine torch --device cuda:99 | device cuda:99 cannot be used by the torch engine",
        "--engine none                | --engine 'none'",
        "--engine nd4j --precision bf16 | precision bf16 is not one of the engine nd4j",
        "--resume --overwrite         | --resume and --overwrite exclude each other",
        "--learning-rat 1             | there is no option --learning-rat; did you mean --learning-rate?",
      })
  void wrongInputIsOneLineAndExitCodeTwo(String options, String message) throws IOException {
    CommandRun run = run(options.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .filteredOn(line -> line.startsWith("fovea pretrain:"))
        .singleElement()
        .asString()
        .contains(message);
    assertThat(Files.exists(folder.resolve("checkpoint"))).isFalse();
  }

  @Test
  void emptyFolderIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    CommandRun run = run("--train-images-path", empty.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--train-images-path", empty.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--checkpoint-path", "--run-dir-path"})
  void unwritableOutputIsNamedBeforeTrainingBegins(String option) throws IOException {
    Path below = Files.writeString(folder.resolve("file"), "in the way").resolve("out");

    CommandRun run = run(option, below.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(option + " '" + below + "'");
    assertThat(run.out()).doesNotContain("epoch 1");
  }

  @Test
  void checkpointsInTheWayAreNotTouched() throws IOException {
    assertThat(run("--max-steps", "1").code()).isZero();
    byte[] before = weights("step-00000001");

    CommandRun again = run("--max-steps", "1");

    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("--checkpoint-path", "--resume", "--overwrite");
    assertThat(weights("step-00000001")).isEqualTo(before);
  }

  @Test
  void theTermsOfThePicturesAreKeptWithTheCheckpoint() throws IOException {
    String shards = folder.resolve("shards").toString();
    CommandRun prepared =
        CommandRun.of(
            "prepare",
            "--images-path=" + train,
            "--output-path=" + shards,
            "--terms=CC0",
            "--master=local[1]");
    assertThat(prepared.code()).as(prepared.err()).isZero();
    assertThat(run("--max-steps", "1", "--train-images-path", shards).code()).isZero();
    assertThat(state().settings()).containsEntry(TrainingState.DATA_TERMS, "CC0");
  }

  @Test
  void otherNetworkOrSeedCannotBeResumed() {
    assertThat(run("--max-steps", "1").code()).isZero();

    assertThat(run("--max-steps", "2", "--resume", "--num-channels", "5").err())
        .contains("--checkpoint-path", "numChannels=4", "numChannels=5");
    assertThat(run("--max-steps", "2", "--resume", "--seed", "4").err())
        .contains("--seed '4'", "has seed 3");
  }

  private static String[] with(String[] options, String... further) {
    return Stream.concat(Stream.of(options), Stream.of(further)).toArray(String[]::new);
  }

  private CommandRun run(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--master=local[1]",
                "--train_images_path=" + train,
                "--test_images_path=" + test,
                "--checkpoint-path=" + folder.resolve("checkpoint"),
                "--run-dir-path=" + folder.resolve("run"),
                "--upscale-ratio=2",
                "--target-resolution=32",
                "--num-channels=4",
                "--num-layers=1",
                "--batch-size=2",
                "--gradient-accumulation-steps=2",
                "--seed=3"));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private TrainingState state() throws IOException {
    return store().read().state();
  }

  private CheckpointStore store() throws IOException {
    return HadoopCheckpointStore.at(hadoop("checkpoint"), CONFIGURATION, warning -> {});
  }

  private byte[] weights(String step) throws IOException {
    return Files.readAllBytes(
        folder.resolve("checkpoint").resolve(step).resolve("model.safetensors"));
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private static List<Double> values(List<RunEvent> events, String name) {
    Stream<RunEvent> named = events.stream().filter(event -> event.name().equals(name));
    return named.map(RunEvent::value).toList();
  }
}
