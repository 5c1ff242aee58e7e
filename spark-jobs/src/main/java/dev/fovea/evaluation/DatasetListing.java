package dev.fovea.evaluation;

import dev.fovea.console.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Finds the datasets behind paths and globs. */
public final class DatasetListing {
  private static final String OPTION = "--images-path";

  private DatasetListing() {}

  /**
   * One dataset per folder, in the order in which they are named; those of one glob by name. Names
   * that begin with a dot or an underscore are left out, as Hadoop does.
   *
   * @throws UsageException if a path is missing, no folder, or has no files, or if two folders have
   *     one name
   */
  public static List<Dataset> list(Configuration hadoop, List<String> paths) throws IOException {
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    for (String path : paths) {
      for (FileStatus folder : folders(hadoop, path)) {
        Dataset dataset = list(hadoop, path, folder.getPath());
        Dataset other = datasets.put(dataset.name(), dataset);
        if (other != null) {
          throw new UsageException(
              "%s: %s and %s have the same name '%s'; results are told apart by it"
                  .formatted(OPTION, other.folder(), dataset.folder(), dataset.name()));
        }
      }
    }
    return List.copyOf(datasets.values());
  }

  private static List<FileStatus> folders(Configuration hadoop, String path) throws IOException {
    FileStatus[] found = new Path(path).getFileSystem(hadoop).globStatus(new Path(path));
    if (found == null || found.length == 0) {
      throw new UsageException("%s: '%s' does not exist".formatted(OPTION, path));
    }
    List<FileStatus> folders = new ArrayList<>();
    for (FileStatus status : found) {
      if (status.isDirectory()) {
        folders.add(status);
      } else if (found.length == 1) {
        throw new UsageException(
            "%s: '%s' is a file; name the folder of the pictures".formatted(OPTION, path));
      }
    }
    if (folders.isEmpty()) {
      throw new UsageException("%s: '%s' matches no folder".formatted(OPTION, path));
    }
    folders.sort(Comparator.comparing(FileStatus::getPath));
    return folders;
  }

  private static Dataset list(Configuration hadoop, String option, Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path root = fileSystem.makeQualified(folder);
    List<Dataset.File> files = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(root, true);
      while (found.hasNext()) {
        Path path = found.next().getPath();
        String name = below(root, path);
        if (!hidden(name)) {
          files.add(new Dataset.File(root.getName(), name, path.toString()));
        }
      }
    } catch (FileNotFoundException e) {
      throw new UsageException("%s: '%s' does not exist".formatted(OPTION, option));
    }
    if (files.isEmpty()) {
      throw new UsageException("%s: '%s' has no pictures in it".formatted(OPTION, root));
    }
    files.sort(Comparator.comparing(Dataset.File::name));
    return new Dataset(root.getName(), root.toString(), files);
  }

  private static String below(Path root, Path path) {
    String prefix = root.toUri().getPath();
    String whole = path.toUri().getPath();
    return whole.substring(prefix.endsWith("/") ? prefix.length() : prefix.length() + 1);
  }

  private static boolean hidden(String name) {
    for (String element : name.split("/", -1)) {
      if (element.startsWith(".") || element.startsWith("_")) {
        return true;
      }
    }
    return false;
  }
}
