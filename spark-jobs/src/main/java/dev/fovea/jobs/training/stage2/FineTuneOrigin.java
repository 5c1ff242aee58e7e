package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.models.store.CheckpointStore;
import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.models.store.DamagedCheckpointException;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.models.store.NoCheckpointException;
import dev.fovea.jobs.models.store.ShippedCheckpoint;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.loop.Checkpointing;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a fine-tuning run starts from: a checkpoint of stage 1, or its own newest one.
 *
 * @param upscaler the shape of the network
 * @param base the stage-1 model; empty where the run goes on from a checkpoint of its own
 */
public record FineTuneOrigin(UpscalerConfig upscaler, Optional<BaseModel> base) {

  /**
   * A stage-1 model.
   *
   * @param name where it was found, with its step
   * @param upscaler shape and weights
   * @param fingerprints of the pictures it was trained on, if its checkpoint has them
   */
  public record BaseModel(String name, TrainedUpscaler upscaler, Optional<byte[]> fingerprints) {}

  /**
   * Finds it.
   *
   * @param baseModel the path of a stage-1 checkpoint, or the name of a shipped model; not looked
   *     at where the run is resumed from a checkpoint of its own
   * @throws UsageException if there is no such checkpoint, or it is not of stage 1
   */
  public static FineTuneOrigin find(
      Configuration configuration, String baseModel, Checkpointing checkpointing, Console console)
      throws IOException {
    if (checkpointing.existing() == Existing.RESUME) {
      Optional<Checkpoint> own =
          HadoopCheckpointStore.at(checkpointing.path(), configuration, console::note).newest();
      if (own.isPresent()) {
        return new FineTuneOrigin(own.get().upscaler().config(), Optional.empty());
      }
    }
    Checkpoint checkpoint = read(configuration, baseModel, console);
    if (checkpoint.critic().isPresent()) {
      throw new UsageException(
          Setting.BASE_MODEL_PATH,
          baseModel,
          "it is fine-tuned already, a checkpoint of pretrain is needed; to go on with a run of"
              + " fine-tune give its %s and %s".formatted(Setting.CHECKPOINT_PATH, Setting.RESUME));
    }
    String name = "%s at step %d".formatted(baseModel, checkpoint.state().step());
    return new FineTuneOrigin(
        checkpoint.upscaler().config(),
        Optional.of(new BaseModel(name, checkpoint.upscaler(), checkpoint.fingerprints())));
  }

  private static Checkpoint read(Configuration configuration, String path, Console console)
      throws IOException {
    try {
      Optional<ShippedCheckpoint> shipped = ShippedCheckpoint.named(configuration, path);
      CheckpointStore store =
          shipped.isPresent()
              ? shipped.get()
              : HadoopCheckpointStore.at(new Path(path), configuration, console::note);
      return store.read();
    } catch (NoCheckpointException e) {
      throw new UsageException(
          Setting.BASE_MODEL_PATH,
          path,
          e.getMessage()
              + "; the path of a checkpoint made by pretrain is needed (the reference also calls"
              + " it checkpoint_path; here %s is where fine-tune saves)"
                  .formatted(Setting.CHECKPOINT_PATH));
    } catch (DamagedCheckpointException e) {
      throw new UsageException(Setting.BASE_MODEL_PATH, path, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.BASE_MODEL_PATH, path, "it is no path: " + e.getMessage());
    }
  }
}
