package dev.fovea.jobs.models.card;

import dev.fovea.jobs.models.card.ModelCard.Quality;
import dev.fovea.jobs.models.card.ModelCard.Speed;
import dev.fovea.jobs.models.store.DamagedCheckpointException;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.models.store.NoCheckpointException;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes the card of a checkpoint.
 *
 * @param checkpointPath a checkpoint path or one of its step directories
 * @param reportPath the folder of a report that measured it
 * @param runDirPath the folder of the run that trained it
 * @param measure with what its speed is to be measured now
 */
public record InfoJob(
    String checkpointPath,
    Optional<String> reportPath,
    Optional<String> runDirPath,
    Optional<EngineChoice> measure) {
  private static final String CHECKPOINT_PATH = "--checkpoint-path";

  /**
   * Reads everything and checks the checkpoint whole.
   *
   * @param warnings takes one line for each damaged checkpoint that is passed over
   * @throws UsageException if there is no whole checkpoint, or a path that was named holds nothing
   *     about it
   */
  public ModelCard run(Configuration hadoop, Consumer<String> warnings) throws IOException {
    Checkpoint checkpoint;
    Path path;
    try {
      path = new Path(checkpointPath);
      checkpoint = HadoopCheckpointStore.at(path, hadoop, warnings).read();
    } catch (NoCheckpointException | DamagedCheckpointException e) {
      throw new UsageException(CHECKPOINT_PATH, checkpointPath, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(CHECKPOINT_PATH, checkpointPath, "it is no path: " + e.getMessage());
    }
    List<Quality> quality = new ArrayList<>();
    List<Speed> speed = new ArrayList<>();
    if (reportPath.isPresent()) {
      quality.addAll(KnownFigures.ofReport(reportPath.get(), checkpoint.state(), hadoop));
    }
    if (runDirPath.isPresent()) {
      quality.addAll(KnownFigures.ofRun(runDirPath.get(), checkpoint.state(), hadoop));
      speed.addAll(KnownFigures.speedOfRun(runDirPath.get(), checkpoint.state(), hadoop));
    }
    measure.ifPresent(choice -> speed.add(SpeedTest.of(checkpoint.upscaler(), choice)));
    Path directory = CardAssembly.directory(path, checkpoint.state().step(), hadoop);
    return CardAssembly.of(
        directory, CardAssembly.manifest(directory, hadoop), checkpoint, quality, speed);
  }
}
