package dev.fovea.jobs.training.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.averaging.UnusableBatchException;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRun;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.training.averaging.dl4j.TestNetworks;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.pictures.pairs.PairMaker;
import dev.fovea.pictures.pairs.PairSettings;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PicturePairsTest {
  private static final PairSettings PAIRS = NoiseShards.PAIRS;
  private static final int PICTURES = 61;

  @TempDir static Path folder;
  private static JavaSparkContext spark;
  private static List<Picture> pictures;
  private static ShardIndex index;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalCluster.threads(2);
    pictures = NoiseShards.pictures(PICTURES);
    index = NoiseShards.write(folder.resolve("sound"), NoiseShards.encoded(pictures));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static PicturePairs source(ShardIndex index, int threads, int ahead) {
    return PicturePairs.of(spark, index, PAIRS, new LoaderSettings(threads, ahead, 4), 11);
  }

  @Test
  void sampleIsThePairOfItsPictureAndSeed() throws IOException, InterruptedException {
    float[] low = new float[2 * PAIRS.lowLength()];
    float[] high = new float[2 * PAIRS.highLength()];
    int[][] samples = {{17, 0}, {42, 1}};
    for (int i = 0; i < 2; i++) {
      long seed = Seeds.mix(11, 3, index.pictureId(samples[i][0]), samples[i][1]);
      PairMaker.make(
          pictures.get(samples[i][0]),
          PAIRS,
          seed,
          low,
          i * PAIRS.lowLength(),
          high,
          i * PAIRS.highLength());
    }

    try (BatchStream stream = source(index, 2, 1).open(List.of("3,17.0,42.1"))) {
      Batch batch = stream.next();

      assertThat(batch.names()).containsExactly("photo-17.png", "photo-42.png");
      assertThat(batch.lowResolution().shape()).containsExactly(2, 3, 2, 2);
      assertThat(batch.highResolution().shape()).containsExactly(2, 3, 4, 4);
      assertThat(batch.lowResolution().data().asFloat()).isEqualTo(low);
      assertThat(batch.highResolution().data().asFloat()).isEqualTo(high);
    }
  }

  @Test
  void manyThreadsGiveTheMiniBatchesOfOneThreadInOrder() throws Exception {
    List<String> contents =
        EpochPlan.of(TrainingRows.of(index, 4), new EpochSettings(11, 5, 1, PictureWeight.AREA), 0)
            .steps(0, 13, 0, step -> Instruction.reconstruction(1))
            .stream()
            .map(step -> step.batches().get(0).content())
            .toList();
    try (BatchStream one = source(index, 1, 1).open(contents);
        BatchStream many = source(index, 7, 5).open(contents)) {
      for (int i = 0; i < contents.size(); i++) {
        Batch expected = one.next();
        Batch actual = many.next();
        assertThat(actual.names()).isEqualTo(expected.names());
        assertThat(actual.lowResolution()).isEqualTo(expected.lowResolution());
        assertThat(actual.highResolution()).isEqualTo(expected.highResolution());
      }
    }
  }

  @Test
  void damagedPictureIsNamedWithItsPlaceAndTheReason() throws Exception {
    List<byte[]> files = NoiseShards.encoded(pictures.subList(0, 30));
    files.set(27, new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 1});
    ShardIndex damaged = NoiseShards.write(folder.resolve("damaged"), files);

    try (BatchStream stream = source(damaged, 3, 2).open(List.of("0,1.0,2.0", "0,3.0,27.0"))) {
      stream.next();

      assertThatThrownBy(stream::next)
          .isInstanceOf(UnusableBatchException.class)
          .hasMessageContaining("photo-27.png")
          .hasMessageContaining("shard-000001.parquet")
          .hasMessageMatching(".*row group \\d+, row \\d+.*")
          .hasMessageNotContaining("\n");
    }

    ComputationGraph network = TestNetworks.dense();
    List<StepPlan> steps =
        EpochPlan.of(
                TrainingRows.of(damaged, 4), new EpochSettings(0, 10, 1, PictureWeight.UNIFORM), 0)
            .steps(0, 3, 0, step -> Instruction.reconstruction(0.01));
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, settings(), source(damaged, 2, 2))) {
      assertThatThrownBy(() -> run.round(steps, 2))
          .isInstanceOf(TrainingStoppedException.class)
          .hasMessageContaining("photo-27.png");
    }
  }

  @Test
  void tooSmallPicturesAreLeftOutByTheirSize() {
    assertThat(TrainingRows.of(index, 7).size()).isLessThan(PICTURES).isPositive();
    assertThat(TrainingRows.of(index, 8).size()).isZero();
  }

  @Test
  @Timeout(20)
  void threadsEndWhenTheStreamIsClosedEarly() throws Exception {
    List<Thread> before = pairThreads();
    BatchStream stream =
        source(index, 5, 4).open(List.of("0,1.0,2.0,3.0", "0,4.0,5.0", "0,6.0,7.0", "0,8.0"));
    stream.next();
    List<Thread> own = new ArrayList<>(pairThreads());
    own.removeAll(before);
    assertThat(own).hasSize(5);

    stream.close();

    for (Thread thread : own) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private static List<Thread> pairThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fovea-pairs-"))
        .toList();
  }

  private static AveragingSettings settings() {
    return new AveragingSettings("dense", EngineOptions.cpu(1), 100);
  }

  @Test
  void runResumedInTheMiddleOfAnEpochEqualsAnUninterruptedOne() {
    ComputationGraph whole = TestNetworks.dense();
    train(whole, 2, 0, 100, 1);

    ComputationGraph first = TestNetworks.dense();
    train(first, 2, 0, 12, 3);
    ComputationGraph resumed = TestNetworks.dense();
    resumed.params().assign(first.params());
    resumed.getUpdater().getStateViewArray().assign(first.getUpdater().getStateViewArray());
    train(resumed, 2, 12, 100, 2);

    assertThat(resumed.params().data().asFloat()).isEqualTo(whole.params().data().asFloat());
    assertThat(resumed.getUpdater().getStateViewArray())
        .isEqualTo(whole.getUpdater().getStateViewArray());
  }

  /** Two epochs of 8 steps in rounds of 4, from one step of the run to another. */
  private static void train(
      ComputationGraph network, int workers, int fromStep, int toStep, int threads) {
    EpochSettings epochs = new EpochSettings(11, 4, 2, PictureWeight.UNIFORM);
    TrainingRows rows = TrainingRows.of(index, 4);
    int perEpoch = epochs.stepsPerEpoch(rows.size());
    assertThat(perEpoch).isEqualTo(8);
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, settings(), source(index, threads, 2))) {
      for (int done = fromStep; done < Math.min(toStep, 2 * perEpoch); done += 4) {
        EpochPlan plan = EpochPlan.of(rows, epochs, done / perEpoch);
        int inEpoch = done % perEpoch;
        run.round(
            plan.steps(
                inEpoch,
                inEpoch + 4,
                (long) done - inEpoch,
                step -> Instruction.reconstruction(0.05 / (step + 1))),
            workers);
      }
    }
  }
}
