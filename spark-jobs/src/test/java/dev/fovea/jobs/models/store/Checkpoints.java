package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.NetworkLayout;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Small checkpoints, different for different steps. */
final class Checkpoints {
  private static final UpscalerConfig CONFIG =
      new UpscalerConfig(BaseUpscaler.BILINEAR, 2, 2, 1, 1);
  private static final NetworkLayout LAYOUT = NetworkLayout.of(CONFIG);

  private Checkpoints() {}

  static Checkpoint of(String runId, long step) {
    return new Checkpoint(
        new TrainedUpscaler(
            CONFIG,
            Nd4j.valueArrayOf(new long[] {1, LAYOUT.parameterCount()}, step, DataType.FLOAT)),
        new LossConfig(ReconstructionLoss.MSE, 0.5),
        AdafactorConfig.of(0.01, -0.8),
        Nd4j.valueArrayOf(new long[] {LAYOUT.stateCount()}, step / 2.0, DataType.FLOAT),
        new TrainingState(
            runId,
            7,
            1,
            2,
            step,
            0.5,
            Map.of("seed", "7"),
            new Provenance("0.1.0", "1.0.0-M2.1", "3.5.9", "nd4j", "fp32", "abc")));
  }
}
