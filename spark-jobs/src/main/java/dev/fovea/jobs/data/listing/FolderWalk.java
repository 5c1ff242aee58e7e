package dev.fovea.jobs.data.listing;

import dev.fovea.jobs.support.files.InputStreams;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/**
 * Collects the files in and below folders, but for those that {@link PictureNames} leaves out and
 * those in {@linkplain OwnFolder folders of results}.
 */
final class FolderWalk {
  private final Configuration configuration;
  private final Optional<Path> excluded;
  private final List<InputFile> files = new ArrayList<>();
  private final List<Rejection> unreadable = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private String rootFolder = "";

  /**
   * @param excluded a folder that is left out
   */
  FolderWalk(Configuration configuration, Path excluded) throws IOException {
    this.configuration = configuration;
    this.excluded = Optional.of(excluded.getFileSystem(configuration).makeQualified(excluded));
  }

  /** Leaves out no folder. */
  FolderWalk(Configuration configuration) {
    this.configuration = configuration;
    excluded = Optional.empty();
  }

  List<InputFile> files() {
    return files;
  }

  List<Rejection> unreadable() {
    return unreadable;
  }

  /** Folders of results that were left out, each with what it holds. */
  List<String> leftOut() {
    return leftOut;
  }

  /**
   * Adds a file, or all files in and below a folder.
   *
   * @param within what the files count as found in, where that is not the folder itself
   */
  void add(FileStatus root, Optional<Path> within) throws IOException {
    FileSystem fileSystem = root.getPath().getFileSystem(configuration);
    Path path = fileSystem.makeQualified(root.getPath());
    rootFolder = within.orElse(root.isFile() ? path.getParent() : path).toString();
    if (root.isFile()) {
      add(path, root.getLen(), root.getModificationTime());
    } else if (InputStreams.isLocal(path)) {
      addLocal(path);
    } else {
      addRemote(fileSystem, path);
    }
  }

  /**
   * Hadoop's own listing of local folders stops at names with a colon and at unreadable folders,
   * and runs in circles where links do.
   */
  private void addLocal(Path folder) throws IOException {
    java.nio.file.Path root = java.nio.file.Path.of(folder.toUri().getPath());
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(
              java.nio.file.Path at, BasicFileAttributes attributes) throws IOException {
            boolean skipped =
                isExcluded(qualified(at))
                    || (!at.equals(root) && PictureNames.isHiddenFolder(name(at)));
            if (!skipped && !at.equals(root)) {
              skipped = leaveOut(qualified(at), below -> Files.isRegularFile(at.resolve(below)));
            }
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(java.nio.file.Path at, BasicFileAttributes attributes) {
            if (PictureNames.isHiddenFile(name(at))) {
              return FileVisitResult.CONTINUE;
            }
            if (attributes.isOther()) { // It might be waited for without end.
              unreadable.add(new Rejection(qualified(at).toString(), InputStreams.NO_FILE));
            } else if (!java.nio.file.Path.of(at.toString()).equals(at)) {
              // As text, which is what a path is from here on, it names another file.
              unreadable.add(new Rejection(qualified(at).toString(), "its name is no UTF-8"));
            } else { // A link that leads nowhere is rejected later.
              long modified = attributes.lastModifiedTime().toMillis();
              add(qualified(at), attributes.size(), modified);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(java.nio.file.Path at, IOException e) {
            if (!(e instanceof java.nio.file.FileSystemLoopException)) {
              unreadable.add(new Rejection(qualified(at).toString(), "cannot be listed: " + e));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void addRemote(FileSystem fileSystem, Path folder) throws IOException {
    int depth = folder.depth();
    int before = files.size();
    Set<String> marked = new TreeSet<>();
    try {
      RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(folder, true);
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        OwnFolder.markedBy(file.getPath().toString()).ifPresent(marked::add);
        if (!isLeftOut(file.getPath(), depth)) {
          add(file.getPath(), file.getLen(), file.getModificationTime());
        }
      }
      for (String own : marked) {
        Path at = new Path(own);
        if (at.depth() > depth && leaveOut(at, below -> fileSystem.exists(new Path(at, below)))) {
          files.subList(before, files.size()).removeIf(file -> file.path().startsWith(own + "/"));
        }
      }
    } catch (AccessControlException | FileNotFoundException e) {
      // One folder that may not be read must not hide all that come after it.
      files.subList(before, files.size()).clear();
      addFolderByFolder(fileSystem, folder);
    }
  }

  private void addFolderByFolder(FileSystem fileSystem, Path root) throws IOException {
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    while (!folders.isEmpty()) {
      Path folder = folders.remove();
      try {
        if (!folder.equals(root)
            && leaveOut(folder, below -> fileSystem.exists(new Path(folder, below)))) {
          continue;
        }
        for (FileStatus entry : fileSystem.listStatus(folder)) {
          Path path = entry.getPath();
          if (entry.isDirectory()) {
            if (!PictureNames.isHiddenFolder(path.getName()) && !isExcluded(path)) {
              folders.add(path);
            }
          } else if (!PictureNames.isHiddenFile(path.getName())) {
            add(path, entry.getLen(), entry.getModificationTime());
          }
        }
      } catch (AccessControlException | FileNotFoundException e) {
        unreadable.add(new Rejection(folder.toString(), "cannot be listed: " + e.getMessage()));
      }
    }
  }

  /** Whether a folder holds results; then it is noted. */
  private boolean leaveOut(Path folder, OwnFolder.Exists exists) throws IOException {
    Optional<OwnFolder> own = OwnFolder.of(exists);
    own.ifPresent(what -> leftOut.add("%s: left out, it holds %s".formatted(folder, what)));
    return own.isPresent();
  }

  private void add(Path path, long length, long modified) {
    files.add(new InputFile(path.toString(), length, modified, rootFolder));
  }

  private boolean isLeftOut(Path file, int rootDepth) {
    if (PictureNames.isHiddenFile(file.getName())) {
      return true;
    }
    for (Path at = file.getParent(); at != null && at.depth() > rootDepth; at = at.getParent()) {
      if (PictureNames.isHiddenFolder(at.getName()) || isExcluded(at)) {
        return true;
      }
    }
    return false;
  }

  private boolean isExcluded(Path folder) {
    return excluded.isPresent() && excluded.get().equals(folder);
  }

  private static Path qualified(java.nio.file.Path path) {
    return new Path("file", null, path.toString());
  }

  private static String name(java.nio.file.Path path) {
    return path.getFileName() == null ? "" : path.getFileName().toString();
  }
}
