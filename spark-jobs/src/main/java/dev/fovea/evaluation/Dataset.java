package dev.fovea.evaluation;

import java.io.Serializable;
import java.util.List;

/**
 * A folder of pictures.
 *
 * @param name the last element of its path
 * @param folder its qualified path, as a URI
 * @param files everything in it and below it, in the order of their names
 */
public record Dataset(String name, String folder, List<File> files) {
  public Dataset {
    files = List.copyOf(files);
  }

  /**
   * A file that should be a picture.
   *
   * @param dataset the name of its dataset
   * @param name its path below the folder
   * @param path its qualified path
   */
  public record File(String dataset, String name, String path) implements Serializable {}
}
