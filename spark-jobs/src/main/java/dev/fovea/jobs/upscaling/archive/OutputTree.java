package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.jobs.support.files.StagedFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder that a job writes its pictures to. A file appears there under its name whole or not at
 * all: see {@link StagedFile}. Safe for use by several threads.
 */
final class OutputTree {
  private final Configuration configuration;
  private final Path root;
  private final Path temporaries;

  private OutputTree(Configuration configuration, Path root, Path temporaries) {
    this.configuration = configuration;
    this.root = root;
    this.temporaries = temporaries;
  }

  /**
   * The folder of a job, which keeps what is not whole among its own notes.
   *
   * @param root fully qualified
   * @param run id of the job's run
   */
  static OutputTree ofRun(Configuration configuration, Path root, String run) {
    Path notes = new Path(new Path(root, "_fovea"), run);
    return new OutputTree(configuration, root, new Path(notes, "unfinished"));
  }

  /**
   * A folder without a job's notes: what is not whole lies hidden in it.
   *
   * @param root fully qualified
   */
  static OutputTree plain(Configuration configuration, Path root) {
    return new OutputTree(configuration, root, root);
  }

  /**
   * A file as it lies there.
   *
   * @param modified milliseconds since 1970
   */
  record Found(long length, long modified) {}

  Path root() {
    return root;
  }

  /** Where a file lies or goes. */
  Path path(String relative) {
    // Not by Hadoop's parsing, which takes colons for schemes and resolves dots.
    return new Path(root.toUri().getScheme(), root.toUri().getAuthority(), text(relative));
  }

  /** What lies under a name, if it is a file. */
  Optional<Found> find(String relative) throws IOException {
    if (isLocal()) {
      java.nio.file.Path file = java.nio.file.Path.of(text(relative));
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Found(facts.size(), facts.lastModifiedTime().toMillis()));
    }
    try {
      FileStatus status = files().getFileStatus(path(relative));
      return status.isFile()
          ? Optional.of(new Found(status.getLen(), status.getModificationTime()))
          : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether anything lies under a name, be it a link that leads nowhere. */
  boolean exists(String relative) throws IOException {
    return isLocal()
        ? Files.exists(java.nio.file.Path.of(text(relative)), LinkOption.NOFOLLOW_LINKS)
        : files().exists(path(relative));
  }

  InputStream open(String relative) throws IOException {
    return InputStreams.open(configuration, path(relative));
  }

  /** Begins a file; nothing is seen of it before it is committed. */
  StagedFile create(String relative) throws IOException {
    Path temporary = new Path(temporaries, ".%s.tmp".formatted(UUID.randomUUID()));
    return StagedFile.create(configuration, root, path(relative), temporary);
  }

  private boolean isLocal() {
    return InputStreams.isLocal(root);
  }

  private String text(String relative) {
    String folder = root.toUri().getPath();
    return (folder.endsWith("/") ? folder : folder + "/") + relative;
  }

  private FileSystem files() throws IOException {
    return root.getFileSystem(configuration);
  }
}
