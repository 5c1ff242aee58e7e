package dev.fovea.jobs.data.listing;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.InputStreams;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * The files behind folders, globs and file names, each once, sorted by path.
 *
 * @param files what may be a picture
 * @param unreadable folders that could not be listed
 * @param leftOut folders of results of Fovea, each with what it holds, in one line
 */
public record InputListing(
    List<InputFile> files, List<Rejection> unreadable, List<String> leftOut) {

  /**
   * Lists recursively. A path that exists is taken literally, whatever brackets are in its name;
   * only others are globs.
   *
   * @param setting the option that the paths come from, for messages
   * @param excluded a folder that is left out, because it is where the results go
   * @throws UsageException if a path does not exist, matches nothing, or if there is no file at all
   */
  public static InputListing of(
      Configuration configuration, Setting setting, List<String> paths, Path excluded)
      throws IOException {
    FolderWalk walk = new FolderWalk(configuration, excluded);
    for (String path : paths) {
      int before = walk.files().size() + walk.unreadable().size();
      Roots roots = roots(configuration, setting, path);
      for (FileStatus found : roots.found()) {
        if (found.getPath().equals(excluded)) {
          throw new UsageException(
              setting, path, "it is the output path, too; the results need a folder of their own");
        }
        walk.add(found, roots.folder());
      }
      if (walk.files().size() + walk.unreadable().size() == before
          && paths.size() == 1
          && walk.leftOut().isEmpty()) {
        throw new UsageException(setting, path, "there is no file in it");
      }
    }
    Map<String, InputFile> sorted = new TreeMap<>();
    walk.files().forEach(file -> sorted.put(file.path(), file));
    if (sorted.isEmpty()) {
      String leftOut = walk.leftOut().isEmpty() ? "" : " but for results: " + walk.leftOut().get(0);
      throw new UsageException(
          setting, String.join(" ", paths), "there is no file in them" + leftOut);
    }
    return new InputListing(
        List.copyOf(sorted.values()), List.copyOf(walk.unreadable()), List.copyOf(walk.leftOut()));
  }

  /** The files in and below a folder, sorted by path; perhaps none. */
  public static InputListing ofFolder(Configuration configuration, FileStatus folder)
      throws IOException {
    FolderWalk walk = new FolderWalk(configuration);
    walk.add(folder, Optional.empty());
    List<InputFile> files = new ArrayList<>(walk.files());
    files.sort(Comparator.comparing(InputFile::path));
    return new InputListing(
        List.copyOf(files), List.copyOf(walk.unreadable()), List.copyOf(walk.leftOut()));
  }

  /**
   * What a path stands for: itself where it exists, whatever brackets are in its name, else what it
   * matches as a glob.
   *
   * @param setting the option that it comes from, for messages
   * @throws UsageException if it does not exist or matches nothing
   */
  public static List<FileStatus> found(Configuration configuration, Setting setting, String text)
      throws IOException {
    return roots(configuration, setting, text).found();
  }

  /** SHA-256 over paths, lengths and times: what changes when a file does. */
  public String fingerprint() {
    MessageDigest digest = Sha256.digest();
    for (InputFile file : files) {
      String line = "%s\0%s\0%s\n".formatted(file.path(), file.length(), file.modified());
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Roots roots(Configuration configuration, Setting setting, String text)
      throws IOException {
    try {
      Path path = InputStreams.path(text);
      FileSystem files = path.getFileSystem(configuration);
      Optional<FileStatus> literal = status(files, path);
      if (literal.isPresent()) {
        return new Roots(List.of(literal.get()), Optional.empty());
      }
      FileStatus[] found = glob(files, path);
      if (found == null) {
        throw new UsageException(
            setting,
            text,
            InputStreams.closedFolder(files.makeQualified(path))
                .map("the folder %s may not be entered"::formatted)
                .orElse("there is no such folder or file"));
      }
      if (found.length == 0) {
        throw new UsageException(setting, text, "it matches no folder and no file");
      }
      return new Roots(Arrays.asList(found), Optional.of(files.makeQualified(fixedFolder(path))));
    } catch (IllegalArgumentException e) {
      throw new UsageException(setting, text, "it is no path: " + e.getMessage());
    } catch (AccessControlException e) {
      throw new UsageException(setting, text, "it may not be read: " + e.getMessage());
    } catch (UnsupportedFileSystemException e) {
      throw new UsageException(setting, text, "there is no such file system: " + e.getMessage());
    }
  }

  /**
   * What a path stands for.
   *
   * @param folder that all of it lies in, where that is not what was found itself
   */
  private record Roots(List<FileStatus> found, Optional<Path> folder) {}

  /** The part of a glob above its first folder with a wildcard. */
  private static Path fixedFolder(Path glob) {
    Path fixed = glob;
    for (Path at = glob; at != null && at.getParent() != null; at = at.getParent()) {
      if (hasWildcard(at.getName())) {
        fixed = at.getParent();
      }
    }
    return fixed;
  }

  private static boolean hasWildcard(String text) {
    return text.matches("(?s).*[*?\\[{\\\\].*");
  }

  private static FileStatus[] glob(FileSystem files, Path path) throws IOException {
    try {
      Path qualified = files.makeQualified(path);
      if (!InputStreams.isLocal(qualified) || !hasWildcard(path.toString())) {
        return files.globStatus(path);
      }
      List<FileStatus> found = new ArrayList<>();
      for (java.nio.file.Path match : LocalGlob.matches(qualified.toUri().getPath())) {
        status(files, LocalGlob.hadoop(match)).ifPresent(found::add);
      }
      return found.toArray(FileStatus[]::new);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).startsWith("Illegal file pattern")) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      throw e;
    }
  }

  private static Optional<FileStatus> status(FileSystem files, Path path) throws IOException {
    try {
      return Optional.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
