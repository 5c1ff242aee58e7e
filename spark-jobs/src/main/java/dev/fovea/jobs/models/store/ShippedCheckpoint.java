package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.shipped.ShippedModel;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A shipped model, read as if it were a checkpoint. Nothing can be written to it.
 *
 * @param model the shipped model
 */
public record ShippedCheckpoint(ShippedModel model) implements CheckpointStore {
  /**
   * The shipped model that a name given instead of a checkpoint path means.
   *
   * @return empty if no shipped model has this name, or if a file or folder has it
   */
  public static Optional<ShippedCheckpoint> named(Configuration hadoop, String name)
      throws IOException {
    Optional<ShippedModel> model = ShippedModel.named(name);
    if (model.isEmpty()) {
      return Optional.empty();
    }
    Path path = new Path(name);
    return path.getFileSystem(hadoop).exists(path)
        ? Optional.empty()
        : model.map(ShippedCheckpoint::new);
  }

  @Override
  public Optional<Checkpoint> newest() throws IOException {
    return Optional.of(model.checkpoint());
  }

  @Override
  public Checkpoint read() throws IOException {
    return model.checkpoint();
  }

  @Override
  public TrainedUpscaler readUpscaler() throws IOException {
    return model.upscaler();
  }

  @Override
  public StoredModel readModel() throws IOException {
    Checkpoint checkpoint = model.checkpoint();
    return new StoredModel(checkpoint.upscaler(), checkpoint.state());
  }

  @Override
  public void requireEmpty() throws IOException {
    throw new CheckpointPathNotEmptyException("%s is a shipped model".formatted(model.name()));
  }

  @Override
  public CheckpointWriter writer(String runId, Existing existing, int keep) throws IOException {
    throw new CheckpointPathNotEmptyException("%s is a shipped model".formatted(model.name()));
  }
}
