package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.models.store.CheckpointStore;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Checkpoints of networks that nobody has trained. */
public final class TestCheckpoints {
  private TestCheckpoints() {}

  /** Saves a random network as step 7 of a run. */
  public static void save(Path folder, UpscalerConfig config, long seed) throws IOException {
    save(folder, config, seed, "run-1");
  }

  /** Saves a random network as step 7 of the named run. */
  public static void save(Path folder, UpscalerConfig config, long seed, String run)
      throws IOException {
    ComputationGraph graph = TestModels.graph(config, seed);
    Checkpoint checkpoint =
        new Checkpoint(
            new TrainedUpscaler(config, graph.params()),
            new LossConfig(ReconstructionLoss.MSE, 0),
            AdafactorConfig.of(1e-2, -0.8),
            graph.getUpdater().getStateViewArray(),
            new TrainingState(
                run,
                3,
                1,
                0,
                7,
                0.5,
                Map.of(),
                new Provenance("0.1.0", "1.0.0-M2.1", "3.5.9", "nd4j", "fp32", "ab12")));
    HadoopCheckpointStore.at(
            new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration(), warning -> {})
        .writer(run, CheckpointStore.Existing.REFUSE, 1)
        .write(checkpoint);
  }
}
