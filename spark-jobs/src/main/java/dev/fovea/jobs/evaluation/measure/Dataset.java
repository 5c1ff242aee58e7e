package dev.fovea.jobs.evaluation.measure;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder of pictures.
 *
 * @param name of the folder, or one that the user gave
 * @param folder its qualified path, as a URI
 * @param files everything in it and below it, in the order of their names
 */
public record Dataset(String name, String folder, List<File> files) {
  public Dataset {
    files = List.copyOf(files);
  }

  /** The same pictures under another name. */
  Dataset named(String other) {
    return new Dataset(
        other,
        folder,
        files.stream().map(file -> new File(other, file.name(), file.path(), file.low())).toList());
  }

  /**
   * A file that should be a picture.
   *
   * @param dataset the name of its dataset
   * @param name its path below the folder
   * @param path its qualified path
   * @param low the qualified path of its low resolution by upscale ratio, empty where none was
   *     found; no entries where low resolutions are made of the picture
   */
  public record File(String dataset, String name, String path, SortedMap<Integer, String> low)
      implements Serializable {
    public File {
      low = Collections.unmodifiableSortedMap(new TreeMap<>(low));
    }

    /** A file whose low resolutions are made of it. */
    public File(String dataset, String name, String path) {
      this(dataset, name, path, new TreeMap<>());
    }
  }
}
