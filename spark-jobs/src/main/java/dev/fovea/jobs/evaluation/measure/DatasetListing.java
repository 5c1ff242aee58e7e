package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.data.listing.FolderNames;
import dev.fovea.jobs.data.listing.PictureNames;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.hadoop.security.AccessControlException;

/** Finds the datasets behind paths and globs. */
public final class DatasetListing {

  private DatasetListing() {}

  /**
   * One dataset per folder, in the order in which they are named; those of one glob by name. Each
   * is called after its folder, with as much of its path as tells it from the others. Which files
   * count says {@link PictureNames}.
   *
   * @throws UsageException if a path is missing, no folder, or has no files, or if a folder is
   *     named twice
   */
  public static List<Dataset> list(Configuration hadoop, List<String> paths) throws IOException {
    return list(hadoop, Setting.IMAGES_PATH, paths);
  }

  /**
   * As above, with names of the user's own.
   *
   * @param names one for each dataset, in their order; none to call them after their folders
   * @throws UsageException also if there are more or fewer names, or one twice
   */
  static List<Dataset> list(Configuration hadoop, List<String> paths, List<String> names)
      throws IOException {
    List<Dataset> datasets = list(hadoop, paths);
    if (names.isEmpty()) {
      return datasets;
    }
    if (names.size() != datasets.size()) {
      throw new UsageException(
          "%s gives %d names for %d datasets; one for each is needed, in the same order"
              .formatted(Setting.DATASET_NAME, names.size(), datasets.size()));
    }
    List<Dataset> named = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank() || names.indexOf(name) != i) {
        throw new UsageException(Setting.DATASET_NAME, name, "a name of its own is needed");
      }
      named.add(datasets.get(i).named(name));
    }
    return named;
  }

  /**
   * As above, of folders that another option names.
   *
   * @param setting for messages
   */
  static List<Dataset> list(Configuration hadoop, Setting setting, List<String> paths)
      throws IOException {
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    for (String path : paths) {
      for (FileStatus folder : folders(hadoop, setting, path)) {
        Dataset dataset = listed(hadoop, setting, path, folder.getPath());
        if (datasets.put(dataset.folder(), dataset) != null) {
          throw new UsageException(setting, path, "this folder is named twice");
        }
      }
    }
    Map<String, String> names = FolderNames.distinct(datasets.keySet());
    return datasets.values().stream()
        .map(dataset -> dataset.named(names.get(dataset.folder())))
        .toList();
  }

  private static List<FileStatus> folders(Configuration hadoop, Setting setting, String path)
      throws IOException {
    List<FileStatus> found = found(hadoop, setting, path);
    List<FileStatus> folders = new ArrayList<>();
    for (FileStatus status : found) {
      if (status.isDirectory()) {
        folders.add(status);
      } else if (found.size() == 1) {
        throw new UsageException(setting, path, "it is a file; name the folder of the pictures");
      }
    }
    if (folders.isEmpty()) {
      throw new UsageException(setting, path, "it matches no folder");
    }
    folders.sort(Comparator.comparing(FileStatus::getPath));
    return folders;
  }

  /** What exists is taken literally, whatever brackets are in its name; only others are globs. */
  private static List<FileStatus> found(Configuration hadoop, Setting setting, String text)
      throws IOException {
    try {
      Path path = new Path(text);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      if (fileSystem.exists(path)) {
        return List.of(fileSystem.getFileStatus(path));
      }
      FileStatus[] found = fileSystem.globStatus(path);
      if (found == null || found.length == 0) {
        throw new UsageException(setting, text, "there is no such folder");
      }
      return Arrays.asList(found);
    } catch (IllegalArgumentException e) {
      throw new UsageException(setting, text, "it is no path: " + e.getMessage());
    } catch (AccessControlException e) {
      throw new UsageException(setting, text, "it may not be read: " + e.getMessage());
    }
  }

  private static Dataset listed(Configuration hadoop, Setting setting, String text, Path folder)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path root = fileSystem.makeQualified(folder);
    List<Dataset.File> files = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(root, true);
      while (found.hasNext()) {
        Path path = found.next().getPath();
        String name = below(root, path);
        if (!PictureNames.isLeftOut(name)) {
          files.add(new Dataset.File(root.getName(), name, path.toString()));
        }
      }
    } catch (AccessControlException e) {
      throw new UsageException(setting, text, "it may not be read: " + e.getMessage());
    } catch (FileNotFoundException e) {
      throw new UsageException(setting, text, "there is no such folder");
    }
    if (files.isEmpty()) {
      throw new UsageException(setting, text, "there is no file in it");
    }
    files.sort(Comparator.comparing(Dataset.File::name));
    return new Dataset(root.getName(), root.toString(), files);
  }

  private static String below(Path root, Path path) {
    String prefix = root.toUri().getPath();
    String whole = path.toUri().getPath();
    return whole.substring(prefix.endsWith("/") ? prefix.length() : prefix.length() + 1);
  }
}
