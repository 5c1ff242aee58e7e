package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.support.console.Setting;
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

  /**
   * @throws UsageException naming the option whose value is missing
   */
  public ImportSettings {
    require(Setting.WEIGHTS, weights);
    require(Setting.CONFIG, config);
    require(Setting.CHECKPOINT_PATH, checkpointPath);
    if (existing == Existing.RESUME) {
      throw new IllegalArgumentException("an import resumes nothing");
    }
  }

  private static void require(Setting setting, String path) {
    if (path.isBlank()) {
      throw new UsageException(setting, path, "a path is needed");
    }
  }
}
