package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRunTest.Outcome;
import dev.fovea.jobs.training.averaging.dl4j.NumberedSource.Fault;
import dev.fovea.jobs.training.epoch.EpochPlan;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.LoaderSettings;
import dev.fovea.jobs.training.epoch.NoiseShards;
import dev.fovea.jobs.training.epoch.PicturePairs;
import dev.fovea.jobs.training.epoch.PictureWeight;
import dev.fovea.jobs.training.epoch.TrainingRows;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers are logical: the same bits come out wherever they run. */
class ExecutorIndependenceTest {
  private static final List<StepPlan> STEPS = NumberedSource.steps(19, 4, 2, 1);
  private static final AveragingSettings ND4J =
      new AveragingSettings("nd4j", EngineOptions.cpu(1), 1);

  @TempDir static Path folder;

  @Test
  void threadsAndOneAndTwoExecutorsGiveTheSameBits() throws IOException {
    ShardIndex index = NoiseShards.write(folder, 61);
    Outcomes threads = train(LocalCluster.threads(2), Fault.NONE, index);

    Outcomes one = train(LocalCluster.executors(1), Fault.NONE, index);
    Outcomes two = train(LocalCluster.executors(2), Fault.FIRST_ATTEMPT, index);

    assertSameBits(one.dense, threads.dense);
    assertSameBits(two.dense, threads.dense);
    assertSameBits(one.upscaler, threads.upscaler);
    assertSameBits(two.upscaler, threads.upscaler);
    assertSameBits(one.pictures, threads.pictures);
    assertSameBits(two.pictures, threads.pictures);
    List<StepFigures> figures = threads.upscaler.figures();
    assertThat(figures).hasSize(10).allMatch(StepFigures::finite);
    assertThat(figures.get(9).reconstruction()).isLessThan(figures.get(0).reconstruction());
  }

  private record Outcomes(Outcome dense, Outcome upscaler, Outcome pictures) {}

  private static Outcomes train(JavaSparkContext context, Fault fault, ShardIndex index) {
    try (JavaSparkContext spark = context) {
      return new Outcomes(
          AveragingRunTest.train(
              spark,
              DenseEngine.network(),
              AveragingRunTest.SETTINGS,
              new NumberedSource(fault, 30, 2),
              STEPS,
              3,
              6),
          AveragingRunTest.train(
              spark, upscaler(), ND4J, new NumberedSource(fault, 30, 8), STEPS, 3, 6),
          AveragingRunTest.train(
              spark,
              DenseEngine.network(),
              AveragingRunTest.SETTINGS,
              PicturePairs.of(spark, index, NoiseShards.PAIRS, LoaderSettings.of(2), 7),
              pictureSteps(index),
              3,
              5));
    }
  }

  private static List<StepPlan> pictureSteps(ShardIndex index) {
    EpochPlan epoch =
        EpochPlan.of(TrainingRows.of(index, 4), new EpochSettings(7, 4, 2, PictureWeight.AREA), 0);
    return epoch.steps(0, epoch.steps(), 0, step -> Instruction.reconstruction(0.05));
  }

  private static ComputationGraph upscaler() {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(
            new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 2, 1),
            new LossConfig(ReconstructionLoss.MSE, 0.1),
            AdafactorConfig.of(0.01, -0.8)),
        5);
  }

  private static void assertSameBits(Outcome actual, Outcome expected) {
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.updaterState()).isEqualTo(expected.updaterState());
    assertThat(actual.figures()).isEqualTo(expected.figures());
  }
}
