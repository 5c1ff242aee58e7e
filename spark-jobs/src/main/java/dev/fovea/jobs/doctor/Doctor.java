package dev.fovea.jobs.doctor;

import dev.fovea.model.config.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs all checks of this machine and of the paths named.
 *
 * @param paths to be written to, read and cleared again, as a job would
 * @param device that has to be usable; {@code auto} is content with the CPU
 */
public record Doctor(List<String> paths, Device device) {
  /** The first version of what {@link #json} holds. */
  public static final int VERSION = 1;

  public Doctor {
    paths = List.copyOf(paths);
  }

  /** All findings, in the order in which things are needed. */
  public List<Finding> examine(Configuration hadoop) {
    List<Finding> findings = new ArrayList<>(process(device));
    findings.add(DiskCheck.of("temporary files", Path.of(System.getProperty("java.io.tmpdir"))));
    findings.add(DiskCheck.of("working folder", Path.of("").toAbsolutePath()));
    paths.forEach(path -> findings.addAll(FileSystemCheck.of(path, hadoop)));
    return findings;
  }

  /** What concerns this process and its machine, wherever it runs. */
  static List<Finding> process(Device device) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(JavaCheck.here());
    findings.addAll(SystemCheck.here());
    findings.add(ProcessorCheck.here());
    findings.add(MemoryCheck.here().finding());
    List<Gpu> gpus = Gpu.list();
    findings.addAll(EngineCheck.all(device, gpus));
    gpus.forEach(gpu -> findings.addAll(gpu.findings()));
    return findings;
  }

  /** The findings for machines, with the worst state in front. */
  public static Map<String, Object> json(List<Finding> findings) {
    return Map.of(
        "version",
        VERSION,
        "state",
        worst(findings).id(),
        "findings",
        findings.stream()
            .map(
                finding ->
                    Map.of(
                        "subject", finding.subject(),
                        "state", finding.state().id(),
                        "found", finding.found(),
                        "advice", finding.advice()))
            .toList());
  }

  /** The worst state of all; fine where there is nothing. */
  public static Finding.State worst(List<Finding> findings) {
    return findings.stream().map(Finding::state).max(Enum::compareTo).orElse(Finding.State.OK);
  }
}
