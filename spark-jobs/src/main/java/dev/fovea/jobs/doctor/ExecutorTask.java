package dev.fovea.jobs.doctor;

import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.model.config.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;

/**
 * Runs the checks in an executor's JVM, once for each examination.
 *
 * @param examination tells one from the next
 * @param device as {@link Device#of} reads it
 * @param marks by folder the driver's file in it
 */
record ExecutorTask(
    String examination, String device, Map<String, String> marks, ShippedConfiguration hadoop)
    implements Function<Integer, ExecutorTask.Report> {
  private static Report last;

  /**
   * What one executor found.
   *
   * @param executor its id
   */
  record Report(String examination, String executor, String host, List<Finding> findings) {}

  @Override
  public Report call(Integer number) {
    synchronized (ExecutorTask.class) {
      if (last == null || !last.examination().equals(examination)) {
        SparkEnv spark = SparkEnv.get();
        last =
            new Report(
                examination,
                spark.executorId(),
                spark.blockManager().blockManagerId().host(),
                findings());
      }
      return last;
    }
  }

  private List<Finding> findings() {
    Configuration configuration = hadoop.value();
    List<Finding> findings = new ArrayList<>(Doctor.process(Device.of(device)));
    findings.add(DiskCheck.of("temporary files", Path.of(System.getProperty("java.io.tmpdir"))));
    marks.forEach(
        (folder, file) -> {
          findings.add(SharedFolder.seen(folder, file, configuration));
          findings.addAll(FileSystemCheck.of(folder, configuration));
        });
    return findings;
  }
}
