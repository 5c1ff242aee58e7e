package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.models.store.CheckpointPathNotEmptyException;
import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.models.store.CheckpointWriter;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.runs.record.Versions;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.ByteOrderMark;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.ConfigFile;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.exchange.ReferenceWeights;
import dev.fovea.model.exchange.UntrainedOptimizer;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes a checkpoint of weights of the PyTorch reference: step 0 of a run that has not begun, with
 * an optimiser that remembers nothing.
 *
 * @param settings what to import and where to
 * @param hadoop the file systems
 * @param warnings takes a line about anything odd in the checkpoint path
 */
public record ImportJob(ImportSettings settings, Configuration hadoop, Consumer<String> warnings) {
  private static final int LARGEST_CONFIG = 1 << 20;
  private static final String UNKNOWN = "unknown";

  /**
   * Imports.
   *
   * @return the checkpoint as it was written
   * @throws UsageException if a file is missing or not what it should be, naming the tensors that
   *     do not fit, or if the checkpoint path is not empty
   */
  public Checkpoint run() throws IOException {
    UpscalerConfig config = config();
    HadoopCheckpointStore store;
    try {
      store = HadoopCheckpointStore.at(new Path(settings.checkpointPath()), hadoop, warnings);
      if (settings.existing() == Existing.REFUSE) {
        store.requireEmpty();
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.CHECKPOINT_PATH, settings.checkpointPath(), "it is no path");
    } catch (CheckpointPathNotEmptyException e) {
      throw new UsageException(
          Setting.CHECKPOINT_PATH,
          settings.checkpointPath(),
          "it is not empty; %s replaces checkpoints".formatted(Setting.OVERWRITE));
    }
    Checkpoint checkpoint = checkpoint(config);
    try (CheckpointWriter writer =
        store.writer(checkpoint.state().runId(), settings.existing(), 1)) {
      writer.write(checkpoint);
    } catch (CheckpointPathNotEmptyException e) {
      throw new UsageException(e.getMessage());
    }
    return checkpoint;
  }

  private UpscalerConfig config() throws IOException {
    InputOption option = new InputOption(Setting.CONFIG, settings.config());
    try {
      byte[] json = ByteOrderMark.stripped(option.readSmall(hadoop, LARGEST_CONFIG));
      return ConfigFile.parseReference(option.label(), json);
    } catch (DamagedFileException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private Checkpoint checkpoint(UpscalerConfig config) throws IOException {
    InputOption option = new InputOption(Setting.WEIGHTS, settings.weights());
    MessageDigest digest = Sha256.digest();
    TrainedUpscaler upscaler =
        option.read(
            hadoop,
            (in, length) ->
                ReferenceWeights.read(
                    config, option.label(), new DigestInputStream(in, digest), length));
    String sha256 = Sha256.hex(digest);
    Map<String, String> recorded = new TreeMap<>();
    recorded.put("imported-file", new Path(settings.weights()).getName());
    recorded.put("imported-sha256", sha256);
    settings.terms().ifPresent(terms -> recorded.put(TrainingState.DATA_TERMS, terms));
    return new Checkpoint(
        upscaler,
        new LossConfig(ReconstructionLoss.MSE, 0.5),
        AdafactorConfig.of(1e-2, -0.8),
        UntrainedOptimizer.state(config),
        new TrainingState(
            "import-" + sha256.substring(0, 16),
            0,
            0,
            0,
            0,
            0,
            recorded,
            new Provenance(
                Versions.fovea(),
                Versions.deeplearning4j(),
                UNKNOWN,
                "imported",
                UNKNOWN,
                UNKNOWN)));
  }
}
