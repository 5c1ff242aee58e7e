package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.models.store.CheckpointStore;
import dev.fovea.jobs.models.store.DamagedCheckpointException;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.models.store.NoCheckpointException;
import dev.fovea.jobs.models.store.ShippedCheckpoint;
import dev.fovea.jobs.models.store.StoredModel;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds and reads the model that a command is to use. */
public final class ModelSearch {

  /** Where training leaves its checkpoints by default, the better ones first. */
  private static final List<String> DEFAULTS =
      List.of("./checkpoints/fine-tuned", "./checkpoints/checkpoint");

  private final Configuration hadoop;
  private final Consumer<String> warnings;

  /**
   * Searches in the file systems that the configuration knows.
   *
   * @param warnings takes one line for each damaged checkpoint that is passed over, and one that
   *     says which model was found where none was named
   */
  public ModelSearch(Configuration hadoop, Consumer<String> warnings) {
    this.hadoop = hadoop;
    this.warnings = warnings;
  }

  /**
   * The weights of the model that the user chose.
   *
   * @throws UsageException if there is no such model, none that is whole, or it has another upscale
   *     ratio than was asked for
   */
  public ModelWeights weights(ModelChoice choice) throws IOException {
    String chosen = choice.checkpoint().isPresent() ? choice.checkpoint().get() : search(choice);
    ModelWeights weights = weights(chosen);
    int ratio = weights.config().upscaleRatio();
    if (choice.upscaleRatio().isPresent() && choice.upscaleRatio().getAsInt() != ratio) {
      throw new UsageException(
          Setting.UPSCALE_RATIO,
          choice.upscaleRatio().getAsInt(),
          "the model in %s upscales %d times; leave the option out".formatted(chosen, ratio));
    }
    if (choice.checkpoint().isEmpty()) {
      warnings.accept("the model is %s".formatted(chosen));
    }
    return weights;
  }

  private ModelWeights weights(String path) throws IOException {
    return reading(
        path,
        store -> {
          TrainedUpscaler upscaler = store.readUpscaler();
          return new ModelWeights(upscaler.config(), upscaler.parameters());
        });
  }

  /**
   * The model of a checkpoint with what the checkpoint says of its training.
   *
   * @throws UsageException if there is no checkpoint, or none that is whole
   */
  public LoadedModel read(String path) throws IOException {
    return reading(
        path,
        store -> {
          StoredModel model = store.readModel();
          TrainedUpscaler upscaler = model.upscaler();
          ModelWeights weights = new ModelWeights(upscaler.config(), upscaler.parameters());
          return new LoadedModel(
              path, weights, provenance(model.state()), training(path, model.fingerprints()));
        });
  }

  /** What is taken where no checkpoint is named: what was trained here, else a shipped model. */
  private String search(ModelChoice choice) throws IOException {
    if (choice.model().isPresent()) {
      return choice.shipped().name();
    }
    for (String candidate : DEFAULTS) {
      Path path = new Path(candidate);
      if (path.getFileSystem(hadoop).exists(path)) {
        if (choice.upscaleRatio().isEmpty()
            || weights(candidate).config().upscaleRatio() == choice.upscaleRatio().getAsInt()) {
          return candidate;
        }
        warnings.accept(
            "%s is passed over: it does not upscale %d times"
                .formatted(candidate, choice.upscaleRatio().getAsInt()));
      }
    }
    return choice.shipped().name();
  }

  private <T> T reading(String path, Reading<T> reading) throws IOException {
    try {
      Optional<ShippedCheckpoint> shipped = ShippedCheckpoint.named(hadoop, path);
      if (shipped.isPresent()) {
        return reading.from(shipped.get());
      }
      Path checkpoint = Registry.checkpoint(hadoop, new Path(path), warnings);
      return reading.from(HadoopCheckpointStore.at(checkpoint, hadoop, warnings));
    } catch (NoCheckpointException | DamagedCheckpointException e) {
      throw new UsageException(Setting.CHECKPOINT_PATH, path, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.CHECKPOINT_PATH, path, "it is no path: " + e.getMessage());
    }
  }

  private static Optional<Fingerprints> training(String path, Optional<byte[]> file) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Fingerprints.parse(file.get()));
    } catch (IOException e) {
      throw new UsageException(
          Setting.CHECKPOINT_PATH,
          path,
          "its %s: %s".formatted(CheckpointFormat.FINGERPRINTS, e.getMessage()));
    }
  }

  private static SortedMap<String, String> provenance(TrainingState state) {
    SortedMap<String, String> provenance = new TreeMap<>();
    provenance.put("run_id", state.runId());
    provenance.put("step", Long.toString(state.step()));
    provenance.put("epoch", Integer.toString(state.epoch()));
    provenance.put("seed", Long.toString(state.seed()));
    provenance.put("fovea", state.provenance().fovea());
    provenance.put("engine", state.provenance().engine());
    provenance.put("precision", state.provenance().precision());
    provenance.put("data_fingerprint", state.provenance().dataFingerprint());
    return provenance;
  }

  /** Reads something from a store. */
  @FunctionalInterface
  private interface Reading<T> {
    T from(CheckpointStore store) throws IOException;
  }
}
