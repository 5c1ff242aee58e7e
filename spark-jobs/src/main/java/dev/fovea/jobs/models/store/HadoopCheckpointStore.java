package dev.fovea.jobs.models.store;

import dev.fovea.jobs.models.store.Lease.Holder;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Checkpoints on a Hadoop file system: {@code <path>/step-NNNNNNNN/}, each complete with its
 * manifest. Nothing is ever renamed, because object stores cannot.
 */
public final class HadoopCheckpointStore implements CheckpointStore {
  private final FileSystem fileSystem;
  private final Path path;
  private final Consumer<String> warnings;

  private HadoopCheckpointStore(FileSystem fileSystem, Path path, Consumer<String> warnings) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.warnings = warnings;
  }

  /**
   * The store at a path.
   *
   * @param path a checkpoint path, there or not, or one of its step directories
   * @param warnings takes one line for each damaged checkpoint that is passed over
   */
  public static HadoopCheckpointStore at(
      Path path, Configuration configuration, Consumer<String> warnings) throws IOException {
    FileSystem fileSystem = path.getFileSystem(configuration);
    if (fileSystem instanceof LocalFileSystem local) {
      // Checksums of the manifest's kind are enough, and the raw file system makes files durable.
      fileSystem = local.getRawFileSystem();
    }
    return new HadoopCheckpointStore(fileSystem, fileSystem.makeQualified(path), warnings);
  }

  @Override
  public Optional<Checkpoint> newest() throws IOException {
    return newest(HadoopCheckpointStore::readChecked);
  }

  @Override
  public Checkpoint read() throws IOException {
    return newest().orElseThrow(this::nothingHere);
  }

  @Override
  public TrainedUpscaler readUpscaler() throws IOException {
    return newest(directory -> CheckpointFormat.readUpscaler(directory::open))
        .orElseThrow(this::nothingHere);
  }

  @Override
  public void requireEmpty() throws IOException {
    requireNoStep();
    List<FileStatus> entries =
        StepDirectory.entries(fileSystem, path).stream()
            .filter(entry -> !Claim.isOne(entry.getPath()))
            .toList();
    if (!entries.isEmpty()) {
      throw notEmpty(entries);
    }
  }

  @Override
  public StoredModel readModel() throws IOException {
    return newest(
            directory ->
                new StoredModel(
                    CheckpointFormat.readUpscaler(directory::open),
                    CheckpointFormat.readState(directory::open),
                    CheckpointFormat.readFingerprints(directory::open)))
        .orElseThrow(this::nothingHere);
  }

  @Override
  public CheckpointWriter writer(String runId, Existing existing, int keep) throws IOException {
    if (keep < 1) {
      throw new IllegalArgumentException(
          "number of checkpoints to keep %d is not 1 or more".formatted(keep));
    }
    requireNoStep();
    try {
      return begin(runId, existing, keep);
    } catch (CheckpointPathNotEmptyException | ForeignCheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("cannot write to %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private CheckpointWriter begin(String runId, Existing existing, int keep) throws IOException {
    if (existing == Existing.REFUSE) {
      requireEmpty();
    }
    Optional<Holder> before = Lease.holder(fileSystem, path);
    fileSystem.mkdirs(path);
    Claim claim = Claim.await(fileSystem, path, Holder.self(runId));
    Lease lease = null;
    try {
      // What was true before others began need not be true any more.
      switch (existing) {
        case REFUSE -> requireEmpty();
        case RESUME, OVERWRITE -> requireSame(before, runId);
      }
      List<StepDirectory> old = existing == Existing.OVERWRITE ? deletable() : List.of();
      lease = take(before, existing, runId);
      claim.close();
      for (StepDirectory directory : old) {
        directory.delete();
      }
      return HadoopCheckpointWriter.open(fileSystem, path, runId, keep, warnings, lease);
    } catch (IOException e) {
      giveBack(claim, lease, e);
      throw e;
    }
  }

  private Lease take(Optional<Holder> before, Existing existing, String runId) throws IOException {
    before.ifPresent(
        holder ->
            warnings.accept(
                "%s was being written by %s; should it still run, it will stop"
                    .formatted(path, holder)));
    return existing == Existing.REFUSE
        ? Lease.take(fileSystem, path, runId)
        : Lease.takeOver(fileSystem, path, runId);
  }

  private static void giveBack(Claim claim, Lease lease, IOException cause) {
    try {
      claim.close();
      if (lease != null) {
        lease.release();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Reads something from a directory. */
  @FunctionalInterface
  private interface Reading<T> {
    T from(StepDirectory directory) throws IOException;
  }

  private <T> Optional<T> newest(Reading<T> reading) throws IOException {
    Optional<StepDirectory> named = StepDirectory.named(fileSystem, path);
    if (named.isPresent() && fileSystem.exists(path)) {
      try {
        return Optional.of(reading.from(named.get()));
      } catch (DamagedFileException e) {
        throw new DamagedCheckpointException(path, e);
      }
    }
    List<String> passedOver = new ArrayList<>();
    boolean damaged = false;
    for (StepDirectory directory : StepDirectory.list(fileSystem, path)) {
      try {
        T result = reading.from(directory);
        passedOver.forEach(warnings);
        return Optional.of(result);
      } catch (DamagedFileException e) {
        // Without a manifest it is what a killed run left behind, and was never a checkpoint.
        damaged |= directory.hasManifest();
        passedOver.add(
            "checkpoint %s is passed over: %s".formatted(directory.path(), e.getMessage()));
      }
    }
    if (damaged) {
      throw new NoCheckpointException(
          "none of the %d checkpoints at %s is whole: %s"
              .formatted(passedOver.size(), path, String.join("; ", passedOver)));
    }
    passedOver.forEach(warnings);
    return Optional.empty();
  }

  private static Checkpoint readChecked(StepDirectory directory) throws IOException {
    Checkpoint checkpoint = CheckpointFormat.read(directory::open);
    long step = checkpoint.state().step();
    if (step != directory.step()) {
      throw new DamagedFileException(
          CheckpointFormat.TRAINING,
          "step is %d, but the directory's name says %d".formatted(step, directory.step()));
    }
    return checkpoint;
  }

  private NoCheckpointException nothingHere() {
    return new NoCheckpointException("no checkpoint at %s".formatted(path));
  }

  private void requireNoStep() throws CheckpointPathNotEmptyException {
    if (StepDirectory.named(fileSystem, path).isPresent()) {
      throw new CheckpointPathNotEmptyException(
          "%s is the directory of one checkpoint; checkpoints are written beside it, to %s"
              .formatted(path, path.getParent()));
    }
  }

  /** Whoever began while we waited is not the one that is to be taken over from. */
  private void requireSame(Optional<Holder> before, String runId) throws IOException {
    Optional<Holder> now = Lease.holder(fileSystem, path);
    if (now.isPresent() && !now.equals(before)) {
      throw ForeignCheckpointException.takenOver(path, now.get().toString(), runId);
    }
  }

  private CheckpointPathNotEmptyException notEmpty(List<FileStatus> entries) throws IOException {
    Optional<String> content =
        entries.stream()
            .map(entry -> entry.getPath().getName())
            .filter(name -> !name.equals(Lease.NAME))
            .findFirst();
    String held =
        Lease.holder(fileSystem, path)
            .map(holder -> " and was being written by %s".formatted(holder))
            .orElse("");
    return new CheckpointPathNotEmptyException(
        "%s %s is not empty, it holds %s%s; %s goes on from there, %s"
                .formatted(
                    Setting.CHECKPOINT_PATH,
                    path,
                    content.orElse("no checkpoint"),
                    held,
                    Setting.RESUME,
                    Setting.OVERWRITE)
            + " deletes the checkpoints in it");
  }

  /** All checkpoints, but only where there is nothing else. */
  private List<StepDirectory> deletable() throws IOException {
    List<StepDirectory> directories = StepDirectory.list(fileSystem, path);
    for (FileStatus entry : StepDirectory.entries(fileSystem, path)) {
      boolean ours =
          entry.getPath().getName().equals(Lease.NAME)
              || Claim.isOne(entry.getPath())
              || directories.stream()
                  .anyMatch(directory -> directory.path().equals(entry.getPath()));
      if (!ours) {
        throw notOurs(entry.getPath());
      }
    }
    for (StepDirectory directory : directories) {
      Optional<Path> strange = directory.strangeFile();
      if (strange.isPresent()) {
        throw notOurs(strange.get());
      }
    }
    return directories;
  }

  private CheckpointPathNotEmptyException notOurs(Path strange) {
    return new CheckpointPathNotEmptyException(
        "%s %s is not overwritten: %s is no part of a checkpoint, and nothing was"
                .formatted(Setting.CHECKPOINT_PATH, path, strange)
            + " deleted");
  }
}
