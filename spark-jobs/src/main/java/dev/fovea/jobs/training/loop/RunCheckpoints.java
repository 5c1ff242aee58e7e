package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.models.store.CheckpointPathNotEmptyException;
import dev.fovea.jobs.models.store.CheckpointStore;
import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.models.store.CheckpointWriter;
import dev.fovea.jobs.models.store.ForeignCheckpointException;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The checkpoints of one run: where it goes on from, and where it is saved. Not thread-safe. */
public final class RunCheckpoints implements Closeable {

  private final RunSettings settings;
  private final CheckpointStore store;
  private final Optional<Checkpoint> resumed;
  private final String runId = UUID.randomUUID().toString();

  private CheckpointWriter writer;
  private Provenance provenance;
  private Optional<String> dataTerms = Optional.empty();
  private Optional<byte[]> fingerprints = Optional.empty();
  private String recordId = runId;
  private int workers = 1;
  private String last;

  private RunCheckpoints(
      RunSettings settings, CheckpointStore store, Optional<Checkpoint> resumed) {
    this.settings = settings;
    this.store = store;
    this.resumed = resumed;
    this.last =
        resumed.map(checkpoint -> "step %d".formatted(checkpoint.state().step())).orElse("");
  }

  /**
   * Looks at the checkpoints that are there, and changes nothing.
   *
   * @throws UsageException if there are some and the settings refuse them, or if their seed does
   *     not fit; whether the networks do is for the stage to see
   */
  public static RunCheckpoints open(
      Configuration configuration, RunSettings settings, Console console) throws IOException {
    Checkpointing checkpointing = settings.checkpointing();
    CheckpointStore store = store(configuration, checkpointing, console);
    if (checkpointing.existing() == Existing.REFUSE) {
      try {
        store.requireEmpty();
      } catch (CheckpointPathNotEmptyException e) {
        throw new UsageException(e.getMessage());
      }
    }
    Optional<Checkpoint> resumed =
        checkpointing.existing() == Existing.RESUME ? store.newest() : Optional.empty();
    if (checkpointing.existing() == Existing.RESUME && resumed.isEmpty()) {
      console.note(
          "%s: no checkpoint to resume from, training begins anew".formatted(checkpointing.path()));
    }
    resumed.ifPresent(checkpoint -> check(checkpoint, settings));
    return new RunCheckpoints(settings, store, resumed);
  }

  /** What the run goes on from. */
  public Optional<Checkpoint> resumed() {
    return resumed;
  }

  /** The newest checkpoint does not fit; the reason says what it holds and what was expected. */
  public UsageException unfit(String reason) {
    return new UsageException(Setting.CHECKPOINT_PATH, settings.checkpointing().path(), reason);
  }

  /** How the run to be resumed was trained, if that is what is asked for and there is one. */
  public static Optional<TrainingState> before(
      Configuration configuration, Checkpointing checkpointing, Console console)
      throws IOException {
    return checkpointing.existing() == Existing.RESUME
        ? store(configuration, checkpointing, console).newest().map(Checkpoint::state)
        : Optional.empty();
  }

  /** How many workers trained it; empty where a version that did not tell has saved it. */
  public static OptionalInt workers(TrainingState before) {
    String workers = before.settings().get(RecordedSettings.EFFECTIVE_WORKERS);
    return workers == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(workers));
  }

  /**
   * Puts the networks and the run back to where they were.
   *
   * @param now how the run goes on; if the training pictures or what makes steps of them have
   *     changed, with the next epoch, because a place within this one has no meaning
   * @return {@link Position#START} if there is nothing to go on from
   */
  Position restore(Stage<?> stage, Provenance now, Console console) {
    if (resumed.isEmpty()) {
      return Position.START;
    }
    Checkpoint checkpoint = resumed.get();
    TrainingState state = checkpoint.state();
    stage.restore(checkpoint);
    console.line("resumed at step %d, epoch %d".formatted(state.step(), state.epoch() + 1));
    Provenance before = state.provenance();
    if (!execution(before).equals(execution(now))) {
      console.note(
          "the checkpoint was trained by %s, training goes on by %s"
              .formatted(execution(before), execution(now)));
    }
    List<String> changed = changed(checkpoint, stage, now);
    if (!changed.isEmpty()) {
      console.note(
          "this part differs from the checkpoint in %s".formatted(String.join(", ", changed)));
    }
    Position position =
        new Position(
            state.epoch(),
            Math.toIntExact(state.stepInEpoch()),
            state.step(),
            state.elapsedMinutes());
    boolean samePlan =
        before.dataFingerprint().equals(now.dataFingerprint())
            && RecordedSettings.samePlan(state.settings(), recorded(stage));
    if (position.stepInEpoch() > 0 && !samePlan) {
      console.note(
          "pictures or batches are not those of the checkpoint: training goes on with epoch %d"
              .formatted(state.epoch() + 2));
      return position.nextEpoch();
    }
    return position;
  }

  /** What decides the result and is not as it was, by option name. */
  private List<String> changed(Checkpoint checkpoint, Stage<?> stage, Provenance now) {
    TrainingState state = checkpoint.state();
    Map<String, String> after = recorded(stage);
    after.put("learning-rate", String.valueOf(settings.optimization().adafactor().learningRate()));
    after.put("rms-decay", String.valueOf(settings.optimization().adafactor().beta2Decay()));
    after.put("tv-penalty", String.valueOf(settings.loss().tvPenalty()));
    Map<String, String> before = new TreeMap<>(state.settings());
    before.put("learning-rate", String.valueOf(checkpoint.adafactor().learningRate()));
    before.put("rms-decay", String.valueOf(checkpoint.adafactor().beta2Decay()));
    before.put("tv-penalty", String.valueOf(checkpoint.loss().tvPenalty()));
    List<String> changed = new ArrayList<>();
    if (!state.provenance().dataFingerprint().equals(now.dataFingerprint())) {
      changed.add("the pictures");
    }
    after.forEach(
        (name, value) -> {
          String earlier = before.get(name);
          if (earlier != null && !earlier.equals(value)) {
            changed.add("%s %s instead of %s".formatted(name, value, earlier));
          }
        });
    return changed;
  }

  private Map<String, String> recorded(Stage<?> stage) {
    Map<String, String> recorded = RecordedSettings.of(settings, stage.recorded());
    recorded.put(RecordedSettings.EFFECTIVE_WORKERS, String.valueOf(workers));
    return recorded;
  }

  private static String execution(Provenance provenance) {
    return "%s in %s".formatted(provenance.engine(), provenance.precision());
  }

  /**
   * Makes ready for saving; what is to be overwritten is deleted now.
   *
   * @param pictures what the training pictures are recognised by, if that is known
   * @param origin fingerprints of what the run's networks were trained on before it began
   * @throws UsageException if nothing can be written there: better now than after an epoch
   */
  void begin(
      Configuration configuration,
      Provenance madeBy,
      Optional<Fingerprints> pictures,
      Optional<byte[]> origin)
      throws IOException {
    provenance = madeBy;
    fingerprints = all(pictures, origin, resumed.flatMap(Checkpoint::fingerprints));
    Writable.requireFolder(configuration, Setting.CHECKPOINT_PATH, settings.checkpointing().path());
    writer = writer(store, runId, settings.checkpointing());
  }

  /** Gives the checkpoint path free, if it was taken. */
  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }

  /** Has the terms under which the training pictures may be used saved with every checkpoint. */
  void recordTerms(Optional<String> terms) {
    dataTerms = terms;
  }

  /** Has the number of workers that train saved with every checkpoint. */
  void recordWorkers(int effective) {
    workers = effective;
  }

  /** Has the id of the run's record saved with every checkpoint. */
  void recordRun(String id) {
    recordId = id;
  }

  /** Those of the pictures, and of all that came before. */
  private static Optional<byte[]> all(
      Optional<Fingerprints> pictures, Optional<byte[]> origin, Optional<byte[]> resumed)
      throws IOException {
    Optional<Fingerprints> all = pictures;
    for (Optional<byte[]> earlier : List.of(origin, resumed)) {
      if (earlier.isPresent()) {
        Fingerprints read = Fingerprints.parse(earlier.get());
        all = Optional.of(all.map(read::and).orElse(read));
      }
    }
    return all.map(Fingerprints::format);
  }

  /**
   * Saves and returns where.
   *
   * @param outerVelocity of the outer momentum, if there is any
   */
  String save(Stage<?> stage, Position position, Optional<INDArray> outerVelocity)
      throws IOException {
    Map<String, String> recorded = recorded(stage);
    recorded.put(TrainingState.RUN_RECORD, recordId);
    dataTerms.ifPresent(terms -> recorded.put(TrainingState.DATA_TERMS, terms));
    writer.write(
        stage
            .checkpoint(
                new TrainingState(
                    runId,
                    settings.epochs().seed(),
                    position.epoch(),
                    position.stepInEpoch(),
                    position.step(),
                    position.minutes(),
                    recorded,
                    provenance))
            .withFingerprints(fingerprints)
            .withOuterVelocity(outerVelocity));
    last = "step %d".formatted(position.step());
    return "%s at step %d".formatted(store, position.step());
  }

  /**
   * Looks whether another run has been started in the place of this one. A store that does not
   * answer is no reason to stop before there is something to save.
   *
   * @throws ForeignCheckpointException if one has
   */
  void requireHeld() throws ForeignCheckpointException {
    try {
      writer.requireHeld();
    } catch (ForeignCheckpointException e) {
      throw e;
    } catch (IOException e) {
      // The next round, or the next checkpoint, will tell.
    }
  }

  /** What is left to go on from, for the message of a run that has to stop. */
  String lastKept() {
    return last.isEmpty()
        ? "no checkpoint had been saved"
        : "the checkpoint of %s is kept in %s".formatted(last, store);
  }

  private static CheckpointStore store(
      Configuration configuration, Checkpointing checkpointing, Console console)
      throws IOException {
    return HadoopCheckpointStore.at(checkpointing.path(), configuration, console::note);
  }

  private static CheckpointWriter writer(
      CheckpointStore store, String runId, Checkpointing checkpointing) throws IOException {
    try {
      return store.writer(runId, checkpointing.existing(), checkpointing.keep());
    } catch (CheckpointPathNotEmptyException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static void check(Checkpoint checkpoint, RunSettings settings) {
    if (checkpoint.state().seed() != settings.epochs().seed()) {
      throw new UsageException(
          Setting.SEED,
          settings.epochs().seed(),
          "the run that is resumed has seed %d; leave the option out"
              .formatted(checkpoint.state().seed()));
    }
  }
}
