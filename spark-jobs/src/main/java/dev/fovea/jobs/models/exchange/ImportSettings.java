package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.support.console.UsageException;
import java.util.Optional;

/**
 * What to import, and where to.
 *
 * @param weights path of a safetensors file in the reference's layout
 * @param config path of the reference's config.json
 * @param checkpointPath the folder that receives the checkpoint
 * @param existing what becomes of checkpoints that are already there; never resumed
 * @param terms under which the weights may be used, where known
 */
public record ImportSettings(
    String weights,
    String config,
    String checkpointPath,
    Existing existing,
    Optional<String> terms) {
  static final String WEIGHTS = "--weights";
  static final String CONFIG = "--config";
  static final String CHECKPOINT_PATH = "--checkpoint-path";

  /**
   * @throws UsageException naming the option whose value is missing
   */
  public ImportSettings {
    require(WEIGHTS, weights);
    require(CONFIG, config);
    require(CHECKPOINT_PATH, checkpointPath);
    if (existing == Existing.RESUME) {
      throw new IllegalArgumentException("an import resumes nothing");
    }
  }

  private static void require(String option, String path) {
    if (path.isBlank()) {
      throw new UsageException(option, path, "a path is needed");
    }
  }
}
