package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the low resolutions that belong to originals, by name: {@code baby.png} has {@code
 * baby.png}, {@code babyx4.png}, {@code baby_x4.png} or {@code baby_4x.png}, whatever the
 * extension, in the folder or in its folder {@code x4} or {@code X4}.
 */
final class LowResolutionListing {

  private LowResolutionListing() {}

  /**
   * The datasets with the low resolutions that were found. A picture without one is rejected when
   * it is its turn.
   *
   * @param folders one for each dataset, in their order; none for low resolutions made by us
   * @throws UsageException if there are more or fewer, or one of them has not one picture that fits
   */
  static List<Dataset> given(
      Configuration hadoop, List<Dataset> datasets, List<String> folders, List<Integer> ratios)
      throws IOException {
    if (folders.isEmpty()) {
      return datasets;
    }
    if (folders.size() != datasets.size()) {
      throw new UsageException(
          "%s names %d folders for %d datasets; one for each is needed, in the same order"
              .formatted(Setting.LOW_RESOLUTION_PATH, folders.size(), datasets.size()));
    }
    List<Dataset> with = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      with.add(given(hadoop, datasets.get(i), folders.get(i), ratios));
    }
    return with;
  }

  private static Dataset given(
      Configuration hadoop, Dataset dataset, String folder, List<Integer> ratios)
      throws IOException {
    Map<String, String> paths = new HashMap<>();
    for (Dataset listed :
        DatasetListing.list(hadoop, Setting.LOW_RESOLUTION_PATH, List.of(folder))) {
      listed.files().forEach(file -> paths.putIfAbsent(stem(file.name()), file.path()));
    }
    int found = 0;
    List<Dataset.File> files = new ArrayList<>();
    for (Dataset.File file : dataset.files()) {
      TreeMap<Integer, String> low = new TreeMap<>();
      for (int ratio : ratios) {
        low.put(ratio, find(paths, stem(file.name()), ratio, ratios.size() == 1));
        found += low.get(ratio).isEmpty() ? 0 : 1;
      }
      files.add(new Dataset.File(file.dataset(), file.name(), file.path(), low));
    }
    if (found == 0) {
      throw new UsageException(
          Setting.LOW_RESOLUTION_PATH,
          folder,
          "it has no low resolution of %s of %s by name, such as %s"
              .formatted(
                  files.size() == 1 ? "the picture" : "any of the " + files.size() + " pictures",
                  dataset.name(),
                  stem(files.get(0).name()) + "x" + ratios.get(0) + ".png"));
    }
    return new Dataset(dataset.name(), dataset.folder(), files);
  }

  /** The path, or nothing; a name without a ratio counts where only one ratio is asked for. */
  private static String find(Map<String, String> paths, String stem, int ratio, boolean onlyRatio) {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("", "x" + ratio + "/", "X" + ratio + "/")) {
      names.add(folder + stem + "x" + ratio);
      names.add(folder + stem + "_x" + ratio);
      names.add(folder + stem + "_" + ratio + "x");
      if (onlyRatio || !folder.isEmpty()) {
        names.add(folder + stem);
      }
    }
    return names.stream().filter(paths::containsKey).findFirst().map(paths::get).orElse("");
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }
}
