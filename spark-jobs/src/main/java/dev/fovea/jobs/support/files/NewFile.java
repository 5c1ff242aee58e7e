package dev.fovea.jobs.support.files;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Creates a file that nobody else may have created: by one atomic step where the file system has
 * such a step. HDFS has one; object stores have one where they understand S3's {@code
 * If-None-Match}, which S3A offers from Hadoop 3.4.2 on. Elsewhere the file system looks first and
 * creates then, and callers must look again at what they wrote.
 */
public final class NewFile {
  /** Name of the option and of the capability; a constant of later versions of Hadoop. */
  private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";

  /** What S3A throws for an object that came to be since; its class is not on every class path. */
  private static final String OBJECT_CHANGED = "RemoteFileChangedException";

  private NewFile() {}

  /**
   * Begins a file. That it exists may be found here or when the stream is closed; {@link
   * #exists(IOException)} tells.
   *
   * @param file fully qualified
   */
  public static FSDataOutputStream create(FileSystem fileSystem, Path file) throws IOException {
    if (!fileSystem.hasPathCapability(file, CONDITIONAL)) {
      return fileSystem.create(file, false);
    }
    FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(file).recursive();
    builder.must(CONDITIONAL, true);
    return builder.build();
  }

  /** Whether writing failed because the file was there. */
  public static boolean exists(IOException e) {
    return e instanceof FileAlreadyExistsException
        || e.getClass().getSimpleName().equals(OBJECT_CHANGED);
  }
}
