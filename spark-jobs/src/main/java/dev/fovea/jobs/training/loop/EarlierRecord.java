package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/** Keeps one run from writing over the record of another. */
final class EarlierRecord {
  private EarlierRecord() {}

  /**
   * The id of the record that this run keeps: that of the run it resumes, else a new one.
   *
   * @param resumed the checkpoint that the run goes on from, if there is one
   * @throws UsageException if the run's folder holds the record of another run, which is to stay
   */
  static String id(Configuration configuration, RunSettings settings, Optional<Checkpoint> resumed)
      throws IOException {
    Optional<String> known =
        resumed.map(checkpoint -> checkpoint.state().settings().get(TrainingState.RUN_RECORD));
    Optional<RunDescription> there = RunDescription.read(configuration, settings.runDir());
    String id = known.orElseGet(() -> UUID.randomUUID().toString());
    Existing existing = settings.checkpointing().existing();
    if (there.isEmpty() || existing == Existing.OVERWRITE) {
      return id;
    }
    if (RunEvents.read(configuration, settings.runDir()).isEmpty()) {
      return id; // It ended before there was anything to tell.
    }
    String saves = there.get().settings().getOrDefault("checkpoint-path", "an unknown path");
    if (existing == Existing.REFUSE) {
      throw new UsageException(
          Setting.RUN_DIR_PATH,
          settings.runDir(),
          "it holds the record of a run that saves to %s; name another folder, or %s"
              .formatted(saves, Setting.OVERWRITE));
    }
    boolean same =
        known
            .map(there.get().id()::equals)
            .orElse(
                resumed.isPresent() || saves.equals(settings.checkpointing().path().toString()));
    if (!same) {
      throw new UsageException(
          Setting.RUN_DIR_PATH,
          settings.runDir(),
          "it holds the record of another run than the one that is resumed, which saves to %s;"
                  .formatted(saves)
              + " name another folder");
    }
    return there.get().id();
  }
}
