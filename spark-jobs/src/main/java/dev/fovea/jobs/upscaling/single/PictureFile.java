package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Reads a picture that an option names. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * The whole of a file.
   *
   * @throws RejectedPictureException if it is longer than the limit
   */
  public static byte[] read(Configuration hadoop, Path path, Limits limits) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    FileStatus status = fileSystem.getFileStatus(path);
    if (status.getLen() > limits.bytes()) {
      throw new RejectedPictureException(
          "%d bytes are more than the limit of %d".formatted(status.getLen(), limits.bytes()));
    }
    try (InputStream in = InputStreams.open(hadoop, fileSystem.makeQualified(path))) {
      // A file may have grown since.
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limits.bytes() + 1));
      if (bytes.length > limits.bytes()) {
        throw new RejectedPictureException(
            "more bytes than the limit of %d".formatted(limits.bytes()));
      }
      return bytes;
    }
  }

  /**
   * The picture behind an option's path.
   *
   * @throws UsageException naming option and path if it is missing, a folder, or no picture
   */
  public static Picture decode(
      Configuration hadoop, Setting setting, String value, ColourPolicy policy) {
    Limits limits = Limits.defaults();
    byte[] bytes = read(hadoop, setting, value, limits);
    try {
      return PictureDecoder.decode(bytes, limits, policy).picture();
    } catch (RejectedPictureException e) {
      throw new UsageException(setting, value, "it cannot be upscaled: " + e.getMessage());
    }
  }

  /**
   * The bytes of the file behind an option's path.
   *
   * @throws UsageException naming option and path if it is missing, a folder, or too long
   */
  public static byte[] read(Configuration hadoop, Setting setting, String value, Limits limits) {
    try {
      Path path = InputStreams.path(value);
      if (path.getFileSystem(hadoop).getFileStatus(path).isDirectory()) {
        throw new UsageException(setting, value, "it is a folder; name a picture");
      }
      return read(hadoop, path, limits);
    } catch (FileNotFoundException e) {
      throw new UsageException(
          setting,
          value,
          InputStreams.closedFolder(qualified(hadoop, value))
              .map("the folder %s may not be entered"::formatted)
              .orElse("there is no such file"));
    } catch (AccessControlException e) {
      throw new UsageException(setting, value, "it may not be read: " + e.getMessage());
    } catch (RejectedPictureException e) {
      throw new UsageException(setting, value, "it cannot be upscaled: " + e.getMessage());
    } catch (IOException e) {
      throw new UsageException(setting, value, "it cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(setting, value, "it is no path: " + e.getMessage());
    }
  }

  private static Path qualified(Configuration hadoop, String value) {
    Path path = InputStreams.path(value);
    try {
      return path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException e) {
      return path; // It has been opened before, and this is for a message only.
    }
  }
}
