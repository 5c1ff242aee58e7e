package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.spark.counters.JobDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Files of the same content, found before any is decoded.
 *
 * @param firstOf for each file that is left out, the path of the one that is used
 */
record Duplicates(Map<String, String> firstOf) {
  private static final int FILES_PER_TASK = 64;

  /** Only files of equal length can be equal: usually next to none need to be read for this. */
  static Duplicates find(
      JavaSparkContext spark, Configuration configuration, List<InputFile> files) {
    Map<Long, Integer> lengths = new HashMap<>();
    files.forEach(file -> lengths.merge(file.length(), 1, Integer::sum));
    List<String> candidates = new ArrayList<>();
    for (InputFile file : files) {
      if (file.length() > 0 && lengths.get(file.length()) > 1) {
        candidates.add(file.path());
      }
    }
    if (candidates.isEmpty()) {
      return new Duplicates(Map.of());
    }
    int tasks = (candidates.size() + FILES_PER_TASK - 1) / FILES_PER_TASK;
    List<String> hashes =
        JobDescription.during(
            spark,
            "compare %d files of equal length".formatted(candidates.size()),
            () -> spark.parallelize(candidates, tasks).map(new HashTask(configuration)).collect());
    Map<String, String> first = new HashMap<>();
    Map<String, String> duplicates = new TreeMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (!hashes.get(i).isEmpty()) {
        String earlier = first.putIfAbsent(hashes.get(i), candidates.get(i));
        if (earlier != null) {
          duplicates.put(candidates.get(i), earlier);
        }
      }
    }
    return new Duplicates(duplicates);
  }

  List<InputFile> without(List<InputFile> files) {
    return files.stream().filter(file -> !firstOf.containsKey(file.path())).toList();
  }
}
