package dev.fovea.jobs.doctor;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that the driver leaves in a folder for executors to look for: a folder that each machine
 * has for itself can be written and read everywhere, and still is no place for shards.
 */
final class SharedFolder implements AutoCloseable {
  private final FileSystem files;
  private final Path folder;
  private final Path mark;
  private final boolean there;

  private SharedFolder(FileSystem files, Path folder, boolean there) {
    this.files = files;
    this.folder = folder;
    this.there = there;
    this.mark = new Path(folder, "_fovea-doctor-" + UUID.randomUUID());
  }

  /**
   * @throws IOException if the folder cannot be written
   */
  static SharedFolder mark(String text, Configuration hadoop) throws IOException {
    Path given = new Path(text);
    FileSystem files = given.getFileSystem(hadoop);
    Path folder = files.makeQualified(given);
    SharedFolder marked = new SharedFolder(files, folder, files.exists(folder));
    files.create(marked.mark, false).close();
    return marked;
  }

  /** The folder as it is called everywhere. */
  String folder() {
    return folder.toString();
  }

  /** The file in it, as it is called everywhere. */
  String file() {
    return mark.toString();
  }

  /** Whether this process sees the file of another. */
  static Finding seen(String folder, String file, Configuration hadoop) {
    String subject = "path " + folder;
    try {
      Path path = new Path(file);
      return path.getFileSystem(hadoop).exists(path)
          ? Finding.ok(subject, "the driver's files are there")
          : Finding.failed(
              subject,
              "is not the driver's folder of that name",
              "take a file system that all machines share: hdfs:, s3a:, or the same mount");
    } catch (IOException | RuntimeException e) {
      return FileSystemCheck.failure(subject, e);
    }
  }

  @Override
  public void close() throws IOException {
    files.delete(mark, false);
    if (!there && files.listStatus(folder).length == 0) {
      files.delete(folder, false);
    }
  }
}
