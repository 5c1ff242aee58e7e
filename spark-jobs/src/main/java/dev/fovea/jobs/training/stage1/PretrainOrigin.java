package dev.fovea.jobs.training.stage1;

import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.models.store.StoredModel;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A model whose weights pretraining starts from; its optimiser starts anew.
 *
 * @param name where it was found, its run and its step
 * @param upscaler shape and weights
 * @param fingerprints of the pictures it was trained on, if its checkpoint has them
 */
public record PretrainOrigin(String name, TrainedUpscaler upscaler, Optional<byte[]> fingerprints) {

  /**
   * The model in service.
   *
   * @param registry the path of a registry, there or not
   * @param expected the shape that the options ask for
   * @return empty, with a note, where no model is in service yet
   * @throws UsageException if the model has another shape
   */
  public static Optional<PretrainOrigin> inService(
      Configuration configuration, String registry, UpscalerConfig expected, Console console)
      throws IOException {
    Registry models = Registry.at(configuration, new Path(registry), console::note);
    Optional<Entry> serving = models.serving();
    if (serving.isEmpty()) {
      console.note(
          "%s %s: no model is in service, training starts from scratch"
              .formatted(Setting.REGISTRY, registry));
      return Optional.empty();
    }
    Entry entry = serving.get();
    StoredModel model =
        HadoopCheckpointStore.at(models.checkpoint(entry), configuration, console::note)
            .readModel();
    TrainedUpscaler upscaler = model.upscaler();
    if (!upscaler.config().equals(expected)) {
      throw new UsageException(
          Setting.REGISTRY,
          registry,
          "the model in service is %s, the options ask for %s"
              .formatted(upscaler.config(), expected));
    }
    return Optional.of(
        new PretrainOrigin(
            "%s number %d (run %s, step %d)"
                .formatted(registry, entry.number(), entry.runId(), entry.step()),
            upscaler,
            model.fingerprints()));
  }
}
