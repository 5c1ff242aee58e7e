package dev.fovea.store;

import dev.fovea.checkpoint.Checkpoint;
import dev.fovea.checkpoint.CheckpointFormat;
import dev.fovea.checkpoint.DamagedFileException;
import dev.fovea.checkpoint.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes step directories, and remembers which manifests it wrote or found at its beginning. */
final class HadoopCheckpointWriter implements CheckpointWriter {
  private final FileSystem fileSystem;
  private final Path path;
  private final String runId;
  private final int keep;
  private final Map<Long, Manifest> known = new HashMap<>();

  private HadoopCheckpointWriter(FileSystem fileSystem, Path path, String runId, int keep) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.runId = runId;
    this.keep = keep;
  }

  static HadoopCheckpointWriter open(FileSystem fileSystem, Path path, String runId, int keep)
      throws IOException {
    HadoopCheckpointWriter writer = new HadoopCheckpointWriter(fileSystem, path, runId, keep);
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
    refuseForeign();
    StepDirectory directory = StepDirectory.of(fileSystem, path, checkpoint.state().step());
    if (!readable(directory)) {
      writeAndVerify(checkpoint, directory);
    }
    prune();
  }

  private void writeAndVerify(Checkpoint checkpoint, StepDirectory directory) throws IOException {
    directory.delete();
    boolean written = false;
    try {
      Manifest manifest = CheckpointFormat.write(checkpoint, directory::create);
      Manifest found = CheckpointFormat.verify(directory::open);
      written = true;
      if (!found.equals(manifest)) {
        throw foreign(directory);
      }
      known.put(directory.step(), manifest);
    } catch (DamagedFileException e) {
      throw new DamagedCheckpointException(directory.path(), e);
    } catch (ForeignCheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "cannot write checkpoint %s: %s".formatted(directory.path(), e.getMessage()), e);
    } finally {
      if (!written) {
        deleteQuietly(directory);
      }
    }
  }

  private void refuseForeign() throws IOException {
    for (StepDirectory directory : StepDirectory.list(fileSystem, path)) {
      Optional<Manifest> manifest = manifest(directory);
      if (manifest.isPresent() && !manifest.get().equals(known.get(directory.step()))) {
        throw foreign(directory);
      }
    }
  }

  /** Keeps the newest with a manifest, and deletes what is older than all of them. */
  private void prune() throws IOException {
    List<StepDirectory> directories = StepDirectory.list(fileSystem, path);
    int kept = 0;
    for (StepDirectory directory : directories) {
      if (kept < keep) {
        kept += manifest(directory).isPresent() ? 1 : 0;
      } else if (directory.strangeFile().isEmpty()) {
        directory.delete();
        known.remove(directory.step());
      }
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

  private ForeignCheckpointException foreign(StepDirectory directory) throws IOException {
    String foreignRun;
    try {
      foreignRun = CheckpointFormat.readState(directory::open).runId();
    } catch (DamagedFileException e) {
      foreignRun = "unknown";
    }
    return new ForeignCheckpointException(directory.path(), foreignRun, runId);
  }

  private static void deleteQuietly(StepDirectory directory) {
    try {
      directory.delete();
    } catch (IOException e) {
      // What made writing fail is what the caller has to know; without its manifest, which is
      // written last and deleted first, the rest counts for nothing.
    }
  }
}
