package dev.fovea.jobs.models.store;

import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.Manifest;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One checkpoint, whole when it was looked at, and the SHA-256 of its manifest, which pins every
 * byte of it.
 *
 * @param path its step directory
 * @param manifestSha256 in lower-case hexadecimal
 * @param state where its run stood
 * @param upscaleRatio of its upscaler
 */
public record PinnedCheckpoint(
    Path path, String manifestSha256, TrainingState state, int upscaleRatio) {
  /**
   * Looks at a checkpoint byte for byte.
   *
   * @param path a step directory, or a checkpoint path whose newest whole checkpoint is meant
   * @throws NoCheckpointException if there is none that is whole
   */
  public static PinnedCheckpoint of(Configuration hadoop, Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    Path qualified = fileSystem.makeQualified(path);
    Optional<StepDirectory> named = StepDirectory.named(fileSystem, qualified);
    for (StepDirectory directory :
        named.isPresent() ? List.of(named.get()) : StepDirectory.list(fileSystem, qualified)) {
      try {
        CheckpointFormat.verify(directory::open);
        TrainedUpscaler upscaler = CheckpointFormat.readUpscaler(directory::open);
        int ratio = upscaler.config().upscaleRatio();
        close(upscaler.parameters());
        return new PinnedCheckpoint(
            directory.path(),
            sha256(directory),
            CheckpointFormat.readState(directory::open),
            ratio);
      } catch (DamagedFileException e) {
        if (named.isPresent()) {
          throw new DamagedCheckpointException(directory.path(), e);
        }
      }
    }
    throw new NoCheckpointException("no whole checkpoint at %s".formatted(qualified));
  }

  /** The SHA-256 of the manifest in a step directory; empty if there is none. */
  public static Optional<String> manifestSha256(Configuration hadoop, Path stepDirectory)
      throws IOException {
    FileSystem fileSystem = stepDirectory.getFileSystem(hadoop);
    Optional<StepDirectory> directory = StepDirectory.named(fileSystem, stepDirectory);
    return directory.isPresent() && directory.get().hasManifest()
        ? Optional.of(sha256(directory.get()))
        : Optional.empty();
  }

  /**
   * Copies it byte for byte, the manifest last, and reads the copy back.
   *
   * @param parent the folder that receives the step directory; a whole copy there is left alone
   * @return the copy
   */
  public PinnedCheckpoint copyTo(Configuration hadoop, Path parent) throws IOException {
    StepDirectory from =
        StepDirectory.named(path.getFileSystem(hadoop), path)
            .orElseThrow(() -> new IllegalStateException(path + " is no step directory"));
    FileSystem target = parent.getFileSystem(hadoop);
    StepDirectory to = StepDirectory.of(target, target.makeQualified(parent), from.step());
    if (!manifestSha256(hadoop, to.path()).equals(Optional.of(manifestSha256)) || !whole(to)) {
      to.delete();
      for (String name : CheckpointFormat.readManifest(from::open).files().keySet()) {
        copy(from, to, name);
      }
      copy(from, to, Manifest.NAME);
    }
    PinnedCheckpoint copied = of(hadoop, to.path());
    if (!copied.manifestSha256().equals(manifestSha256)) {
      throw new IOException("%s changed while it was copied to %s".formatted(path, to.path()));
    }
    return copied;
  }

  private static boolean whole(StepDirectory directory) throws IOException {
    try {
      CheckpointFormat.verify(directory::open);
      return true;
    } catch (DamagedFileException e) {
      return false;
    }
  }

  private static void copy(StepDirectory from, StepDirectory to, String name) throws IOException {
    try (InputStream in = from.open(name);
        OutputStream out = to.create(name)) {
      in.transferTo(out);
    }
  }

  private static String sha256(StepDirectory directory) throws IOException {
    try (InputStream in = directory.open(Manifest.NAME)) {
      return Sha256.hex(in.readAllBytes());
    }
  }

  private static void close(INDArray array) {
    if (array.closeable()) {
      array.close();
    }
  }
}
