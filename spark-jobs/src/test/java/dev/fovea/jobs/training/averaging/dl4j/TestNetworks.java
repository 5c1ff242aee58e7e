package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.ReconstructionProcedure;
import dev.fovea.model.engine.StepFigures;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Networks for tests of other packages. */
public final class TestNetworks {
  private TestNetworks() {}

  /** What the engine {@code dense} trains: pairs of 2x2 and 4x4 pixels. */
  public static ComputationGraph dense() {
    return DenseEngine.network();
  }

  /** Begins a run of one network. */
  public static AveragingRun<StepFigures> start(
      JavaSparkContext spark,
      ComputationGraph network,
      AveragingSettings settings,
      BatchSource source) {
    return AveragingRun.start(
        spark,
        List.of(network),
        new ReconstructionProcedure(network.getConfiguration()),
        settings,
        source);
  }
}
