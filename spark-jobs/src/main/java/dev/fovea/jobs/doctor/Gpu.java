package dev.fovea.jobs.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An NVIDIA GPU as its driver describes it.
 *
 * @param index as in {@code cuda:N}
 * @param name the model
 * @param driver the driver's version, where known
 * @param capability the compute capability such as {@code 9.0}, where known
 */
record Gpu(int index, String name, Optional<String> driver, Optional<Double> capability) {
  private static final Path DRIVER = Path.of("/proc/driver/nvidia");
  private static final int SMALLEST_DRIVER = 580;
  private static final double TORCH_FROM = 7.5;
  private static final double TORCH_TO = 12.0;
  private static final double ND4J_FROM = 3.7;
  private static final double ND4J_TO = 8.9;

  /** The GPUs that nvidia-smi or else the driver's own files show; none without a driver. */
  static List<Gpu> list() {
    List<Gpu> listed = new ArrayList<>();
    for (String line : nvidiaSmi()) {
      parse(line).ifPresent(listed::add);
    }
    return listed.isEmpty() ? ofDriver(DRIVER) : listed;
  }

  /** Reads {@code 0, NVIDIA H200, 580.65.06, 9.0}. */
  static Optional<Gpu> parse(String line) {
    String[] cells = line.split("\\s*,\\s*", -1);
    if (cells.length != 4 || !cells[0].strip().matches("\\d{1,3}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Gpu(
            Integer.parseInt(cells[0].strip()),
            cells[1],
            Optional.of(cells[2]),
            cells[3].strip().matches("\\d+\\.\\d+")
                ? Optional.of(Double.parseDouble(cells[3].strip()))
                : Optional.empty()));
  }

  /** What the kernel module tells where nvidia-smi is not installed, as in many containers. */
  static List<Gpu> ofDriver(Path folder) {
    Path gpus = folder.resolve("gpus");
    if (!Files.isDirectory(gpus)) {
      return List.of();
    }
    List<Gpu> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(gpus).sorted()) {
      for (Path gpu : entries.toList()) {
        String model =
            Files.readAllLines(gpu.resolve("information")).stream()
                .filter(line -> line.startsWith("Model:"))
                .map(line -> line.substring("Model:".length()).strip())
                .findFirst()
                .orElse("unknown model");
        found.add(new Gpu(found.size(), model, Optional.empty(), Optional.empty()));
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  /** Whether driver and compute capability are those that the engines need. */
  List<Finding> findings() {
    String subject = "cuda:" + index;
    String found =
        name
            + driver.map(version -> ", driver " + version).orElse("")
            + capability.map(value -> ", compute capability " + value).orElse("");
    List<Finding> findings = new ArrayList<>();
    if (driver.isPresent() && major(driver.get()) < SMALLEST_DRIVER) {
      findings.add(
          Finding.note(
              subject,
              found,
              "the engine torch needs the driver of CUDA 13, %d or later"
                  .formatted(SMALLEST_DRIVER)));
    }
    if (capability.isPresent()) {
      double value = capability.get();
      boolean torch = value >= TORCH_FROM && value <= TORCH_TO;
      boolean nd4j = value >= ND4J_FROM && value <= ND4J_TO;
      if (!torch) {
        findings.add(
            Finding.note(
                subject,
                found,
                nd4j
                    ? "only the engine nd4j has code for it: mvn -Pnd4j-cuda package"
                    : "neither engine has code for it: torch has 7.5 to 12.0, nd4j 3.7 to 8.9"));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok(subject, found)) : findings;
  }

  private static int major(String version) {
    String digits = version.strip().replaceAll("\\..*", "");
    return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  private static List<String> nvidiaSmi() {
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=index,name,driver_version,compute_cap",
                  "--format=csv,noheader")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return text.lines().toList();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
