package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes step directories, and remembers which manifests it wrote or found at its beginning.
 *
 * <p>The lease is looked at before the first file, before the manifest and after it was read back.
 * Between the second look and the manifest a process may be stopped for any time; what it then
 * writes it withdraws at the third look, and until then readers see a whole checkpoint of its run.
 */
final class HadoopCheckpointWriter implements CheckpointWriter {
  private final FileSystem fileSystem;
  private final Path path;
  private final String runId;
  private final int keep;
  private final Consumer<String> warnings;
  private final Lease lease;
  private final Map<Long, Manifest> known = new HashMap<>();
  private final Set<Long> uncertain = new HashSet<>();

  private HadoopCheckpointWriter(
      FileSystem fileSystem,
      Path path,
      String runId,
      int keep,
      Consumer<String> warnings,
      Lease lease) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.runId = runId;
    this.keep = keep;
    this.warnings = warnings;
    this.lease = lease;
  }

  static HadoopCheckpointWriter open(
      FileSystem fileSystem,
      Path path,
      String runId,
      int keep,
      Consumer<String> warnings,
      Lease lease)
      throws IOException {
    HadoopCheckpointWriter writer =
        new HadoopCheckpointWriter(fileSystem, path, runId, keep, warnings, lease);
    for (StepDirectory directory : StepDirectory.list(fileSystem, path)) {
      manifest(directory).ifPresent(manifest -> writer.known.put(directory.step(), manifest));
    }
    return writer;
  }

  @Override
  public void write(Checkpoint checkpoint) throws IOException {
    if (!checkpoint.state().runId().equals(runId)) {
      throw new IllegalArgumentException(
          "checkpoint of run %s given to the writer of run %s"
              .formatted(checkpoint.state().runId(), runId));
    }
    StepDirectory directory = StepDirectory.of(fileSystem, path, checkpoint.state().step());
    try {
      lease.requireHeld();
      refuseForeign();
      if (!readable(directory)) {
        directory.delete();
        writeAndVerify(checkpoint, directory);
      }
    } catch (ForeignCheckpointException
        | UnknownOutcomeException
        | DamagedCheckpointException
        | CheckpointPathNotEmptyException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "cannot write checkpoint %s: %s".formatted(directory.path(), e.getMessage()), e);
    }
    prune();
  }

  @Override
  public void requireHeld() throws IOException {
    lease.requireHeld();
  }

  @Override
  public void close() throws IOException {
    try {
      lease.release();
    } catch (IOException e) {
      throw new IOException(
          "cannot give %s free for other writers: %s".formatted(path, e.getMessage()), e);
    }
  }

  private void writeAndVerify(Checkpoint checkpoint, StepDirectory directory) throws IOException {
    Completing completing = new Completing(directory);
    try {
      Manifest manifest = CheckpointFormat.write(checkpoint, completing::create);
      Manifest found = CheckpointFormat.verify(directory::open);
      if (!found.equals(manifest)) {
        throw foreign(directory);
      }
      withdrawUnlessHeld(directory, manifest);
      known.put(directory.step(), manifest);
    } catch (ForeignCheckpointException e) {
      // What lies there may be the other's by now.
      throw e;
    } catch (DamagedFileException e) {
      withdraw(directory, completing, e);
      throw new DamagedCheckpointException(directory.path(), e);
    } catch (IOException e) {
      withdraw(directory, completing, e);
      throw e;
    } catch (RuntimeException | Error e) {
      withdraw(directory, completing, new IOException(e));
      throw e;
    }
  }

  /** Passes the files on, and knows whether the one that makes them a checkpoint was among them. */
  private final class Completing {
    private final StepDirectory directory;
    private boolean begun;

    Completing(StepDirectory directory) {
      this.directory = directory;
    }

    OutputStream create(String name) throws IOException {
      if (name.equals(Manifest.NAME)) {
        lease.requireHeld();
        begun = true;
      }
      return directory.create(name);
    }
  }

  private void withdrawUnlessHeld(StepDirectory directory, Manifest ours) throws IOException {
    try {
      lease.requireHeld();
    } catch (ForeignCheckpointException e) {
      // Only what makes it a checkpoint, and only ours: the other may write files of these names.
      if (manifest(directory).equals(Optional.of(ours))) {
        directory.deleteManifest();
      }
      throw e;
    }
  }

  /**
   * Takes back what was written, so that what failed is not there. Where somebody else has taken
   * the path over what lies there may be the other's by now, and the failure is likely to come from
   * that: nothing is touched.
   */
  private void withdraw(StepDirectory directory, Completing completing, IOException cause)
      throws ForeignCheckpointException, UnknownOutcomeException {
    boolean gone = false;
    try {
      lease.requireHeld();
      directory.delete();
      gone = !directory.hasManifest();
    } catch (ForeignCheckpointException e) {
      e.addSuppressed(cause);
      throw e;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    if (completing.begun && !gone) {
      uncertain.add(directory.step());
      throw new UnknownOutcomeException(directory.path(), cause);
    }
  }

  private void refuseForeign() throws IOException {
    for (StepDirectory directory : StepDirectory.list(fileSystem, path)) {
      Optional<Manifest> manifest = manifest(directory);
      if (manifest.isEmpty() || manifest.get().equals(known.get(directory.step()))) {
        continue;
      }
      if (uncertain.contains(directory.step()) && runOf(directory).equals(runId)) {
        known.put(directory.step(), manifest.get());
        continue;
      }
      throw foreign(directory);
    }
  }

  /**
   * Keeps the newest with a manifest, and deletes what is older than all of them. That one cannot
   * be deleted does not make the checkpoint that was saved less safe.
   */
  private void prune() {
    try {
      int kept = 0;
      for (StepDirectory directory : StepDirectory.list(fileSystem, path)) {
        if (kept < keep) {
          kept += manifest(directory).isPresent() ? 1 : 0;
        } else if (directory.strangeFile().isEmpty()) {
          directory.delete();
          known.remove(directory.step());
        }
      }
    } catch (IOException e) {
      warnings.accept(
          "old checkpoints at %s are not deleted, which is tried again with the next one: %s"
              .formatted(path, e.getMessage()));
    }
  }

  private static boolean readable(StepDirectory directory) throws IOException {
    try {
      CheckpointFormat.read(directory::open);
      return true;
    } catch (DamagedFileException e) {
      return false;
    }
  }

  private static Optional<Manifest> manifest(StepDirectory directory) throws IOException {
    try {
      return Optional.of(CheckpointFormat.readManifest(directory::open));
    } catch (DamagedFileException e) {
      return Optional.empty();
    }
  }

  private static String runOf(StepDirectory directory) throws IOException {
    try {
      return CheckpointFormat.readState(directory::open).runId();
    } catch (DamagedFileException e) {
      return "unknown";
    }
  }

  private ForeignCheckpointException foreign(StepDirectory directory) throws IOException {
    return ForeignCheckpointException.written(directory.path(), runOf(directory), runId);
  }
}
