package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.data.listing.FolderNames;
import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.data.listing.InputListing;
import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Finds the datasets behind paths and globs. */
public final class DatasetListing {

  private DatasetListing() {}

  /**
   * One dataset per folder, in the order in which they are named; those of one glob by name. Each
   * is called after its folder, with as much of its path as tells it from the others. Which files
   * count is the same for all jobs, see {@link InputListing}.
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
        Dataset dataset = listed(hadoop, setting, path, folder);
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
    List<FileStatus> found = InputListing.found(hadoop, setting, path);
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

  private static Dataset listed(
      Configuration hadoop, Setting setting, String text, FileStatus folder) throws IOException {
    Path root = folder.getPath().getFileSystem(hadoop).makeQualified(folder.getPath());
    InputListing listing = InputListing.ofFolder(hadoop, folder);
    // What may not be listed or is no file is rejected when it is its turn, as what is no picture.
    List<Dataset.File> files =
        Stream.concat(
                listing.files().stream().map(InputFile::path),
                listing.unreadable().stream().map(Rejection::path))
            .map(path -> new Dataset.File(root.getName(), below(root, path), path))
            .sorted(Comparator.comparing(Dataset.File::name))
            .toList();
    if (files.isEmpty()) {
      throw new UsageException(setting, text, "there is no file in it");
    }
    return new Dataset(root.getName(), root.toString(), files);
  }

  private static String below(Path root, String path) {
    String prefix = root.toString();
    if (path.equals(prefix)) {
      return "."; // The folder itself may not be listed.
    }
    return path.substring(prefix.endsWith("/") ? prefix.length() : prefix.length() + 1);
  }
}
