package dev.fovea.jobs.doctor;

import dev.fovea.jobs.spark.session.Executors;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.model.config.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Has every executor of a cluster run the checks of a process, and see the driver's files.
 *
 * @param paths folders that all of them will read and write
 * @param device that has to be usable there
 */
public record ExecutorsCheck(List<String> paths, Device device) {
  private static final int ATTEMPTS = 5;

  public ExecutorsCheck {
    paths = List.copyOf(paths);
  }

  /** A line for each executor, and one for whatever is not as it should be there. */
  public List<Finding> examine(JavaSparkContext spark) {
    int there = Executors.settled(spark);
    if (there == 0) {
      return List.of(
          Finding.failed(
              "executors",
              "none came to " + spark.master(),
              "compare spark.executor.memory and spark.executor.cores with what its workers have;"
                  + " another application may hold them"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("executors", "%d at %s".formatted(there, spark.master())));
    List<SharedFolder> marked = new ArrayList<>();
    try {
      mark(marked, spark.hadoopConfiguration(), findings);
      Map<String, ExecutorTask.Report> reports = reports(spark, there, marked);
      reports.values().forEach(report -> findings.addAll(of(report)));
      if (reports.size() < there) {
        findings.add(
            Finding.note(
                "executors",
                "%d of %d were examined".formatted(reports.size(), there),
                "run doctor again: the others were busy or came late"));
      }
    } finally {
      marked.forEach(ExecutorsCheck::clear);
    }
    return findings;
  }

  /** Asks until every executor had a task: Spark may give two of them to the one that is first. */
  private Map<String, ExecutorTask.Report> reports(
      JavaSparkContext spark, int executors, List<SharedFolder> marked) {
    Map<String, String> marks = new TreeMap<>();
    marked.forEach(folder -> marks.put(folder.folder(), folder.file()));
    ExecutorTask task =
        new ExecutorTask(
            UUID.randomUUID().toString(),
            device.toString(),
            marks,
            new ShippedConfiguration(spark.hadoopConfiguration()));
    Map<String, ExecutorTask.Report> reports = new TreeMap<>();
    for (int attempt = 0; attempt < ATTEMPTS && reports.size() < executors; attempt++) {
      spark
          .parallelize(IntStream.range(0, executors).boxed().toList(), executors)
          .map(task)
          .collect()
          .forEach(report -> reports.put(report.executor(), report));
    }
    return reports;
  }

  private void mark(List<SharedFolder> marked, Configuration hadoop, List<Finding> findings) {
    for (String path : paths) {
      try {
        marked.add(SharedFolder.mark(path, hadoop));
      } catch (IOException | RuntimeException e) {
        findings.add(FileSystemCheck.failure("path " + path, e));
      }
    }
  }

  private static void clear(SharedFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // What could be written can be deleted, or its own check has said so.
    }
  }

  /** All that is well in one line, so that a hundred executors stay readable. */
  static List<Finding> of(ExecutorTask.Report report) {
    String subject = "executor %s on %s".formatted(report.executor(), report.host());
    List<Finding> worse =
        report.findings().stream()
            .filter(finding -> finding.state() != Finding.State.OK)
            .map(
                finding ->
                    new Finding(
                        "%s: %s".formatted(subject, finding.subject()),
                        finding.state(),
                        finding.found(),
                        finding.advice()))
            .toList();
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            subject,
            "%d of %d checks are well"
                .formatted(report.findings().size() - worse.size(), report.findings().size())));
    findings.addAll(worse);
    return findings;
  }
}
