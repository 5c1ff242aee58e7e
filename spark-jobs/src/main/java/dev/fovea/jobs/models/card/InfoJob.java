package dev.fovea.jobs.models.card;

import dev.fovea.jobs.models.card.ModelCard.Quality;
import dev.fovea.jobs.models.card.ModelCard.Speed;
import dev.fovea.jobs.models.store.DamagedCheckpointException;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.models.store.NoCheckpointException;
import dev.fovea.jobs.models.store.ShippedCheckpoint;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.shipped.ShippedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes the card of a checkpoint.
 *
 * @param checkpointPath a checkpoint path, one of its step directories, or the name of a shipped
 *     model
 * @param reportPath the folder of a report that measured it
 * @param runDirPath the folder of the run that trained it
 * @param measure with what its speed is to be measured now
 */
public record InfoJob(
    String checkpointPath,
    Optional<String> reportPath,
    Optional<String> runDirPath,
    Optional<EngineChoice> measure) {

  /**
   * Reads everything and checks the checkpoint whole.
   *
   * @param warnings takes one line for each damaged checkpoint that is passed over
   * @throws UsageException if there is no whole checkpoint, or a path that was named holds nothing
   *     about it
   */
  public ModelCard run(Configuration hadoop, Consumer<String> warnings) throws IOException {
    Optional<ShippedCheckpoint> shipped = Optional.empty();
    Checkpoint checkpoint;
    Path path;
    try {
      shipped = ShippedCheckpoint.named(hadoop, checkpointPath);
      path = new Path(checkpointPath);
      checkpoint =
          shipped.isPresent()
              ? shipped.get().read()
              : HadoopCheckpointStore.at(path, hadoop, warnings).read();
    } catch (NoCheckpointException | DamagedCheckpointException e) {
      throw new UsageException(Setting.CHECKPOINT_PATH, checkpointPath, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          Setting.CHECKPOINT_PATH, checkpointPath, "it is no path: " + e.getMessage());
    }
    List<Quality> quality = new ArrayList<>();
    shipped.ifPresent(
        known ->
            known
                .model()
                .card()
                .quality()
                .forEach(
                    one ->
                        quality.add(
                            new Quality(
                                "shipped card",
                                one.dataset(),
                                one.protocol(),
                                one.psnr(),
                                one.ssim(),
                                one.vif()))));
    List<Speed> speed = new ArrayList<>();
    if (reportPath.isPresent()) {
      quality.addAll(KnownFigures.ofReport(reportPath.get(), checkpoint.state(), hadoop));
    }
    if (runDirPath.isPresent()) {
      quality.addAll(KnownFigures.ofRun(runDirPath.get(), checkpoint.state(), hadoop));
      speed.addAll(KnownFigures.speedOfRun(runDirPath.get(), checkpoint.state(), hadoop));
    }
    measure.ifPresent(choice -> speed.add(SpeedTest.of(checkpoint.upscaler(), choice)));
    ModelCard.Stored stored =
        shipped.isPresent()
            ? shipped(shipped.get().model())
            : CardAssembly.stored(
                CardAssembly.directory(path, checkpoint.state().step(), hadoop),
                checkpoint,
                hadoop);
    return CardAssembly.of(stored, checkpoint, quality, speed);
  }

  private static ModelCard.Stored shipped(ShippedModel model) {
    return new ModelCard.Stored(
        model.name() + ", shipped with Fovea",
        model.card().step(),
        new TreeMap<>(Map.of("model.safetensors", model.storedBytes())));
  }
}
