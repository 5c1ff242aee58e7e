package dev.fovea.model.benchmark;

import dev.fovea.model.config.CriticSize;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The benchmark of the engines as a whole: which contenders, on what, in which order.
 *
 * @param work what is measured
 * @param device {@code cpu} with all rivals, {@code cuda} with the torch engine alone
 * @param threads CPU threads of each contender, 1 or more
 * @param turns how many times each contender is measured, 1 or more
 */
public record Benchmark(Work work, Device device, int threads, int turns) {
  private static final CriticSize CRITIC = CriticSize.SMALL;

  /** What can be measured. */
  public enum Work {
    /** Optimiser steps of stage 1 and alternating steps of stage 2. */
    STEP,
    INFERENCE
  }

  /** Measures, one report for each network and batch, and for a critic. */
  public List<BenchmarkReport> run() {
    boolean cuda = device.kind() == Device.Kind.CUDA;
    List<EngineBenchmark> subjects = new ArrayList<>();
    if (cuda) {
      subjects.add(EngineBenchmark.gpu(64, turns));
      subjects.add(EngineBenchmark.gpu(128, turns));
      if (work == Work.INFERENCE) {
        subjects.add(EngineBenchmark.fullHd(turns));
      }
    } else {
      subjects.add(EngineBenchmark.cpu(turns));
    }
    List<EngineBenchmark.Entry> entries = entries(cuda);
    List<BenchmarkReport> reports = new ArrayList<>();
    for (EngineBenchmark subject : subjects) {
      reports.add(
          new BenchmarkReport(
              title(subject),
              work == Work.STEP ? subject.steps(entries) : subject.inference(entries)));
    }
    if (work == Work.STEP) {
      EngineBenchmark subject =
          cuda ? EngineBenchmark.gpu(64, turns) : EngineBenchmark.cpuWithCritic(turns);
      reports.add(
          new BenchmarkReport(
              title(subject) + ", against the %s critic".formatted(CRITIC.id()),
              subject.alternatingSteps(CRITIC.config(), entries)));
    }
    return reports;
  }

  private String title(EngineBenchmark subject) {
    return "%s, batch %d of %d x %d, %s, %d threads"
        .formatted(
            subject.config(), subject.batch(), subject.width(), subject.height(), device, threads);
  }

  private List<EngineBenchmark.Entry> entries(boolean cuda) {
    Engine torch = Engines.named("torch");
    List<EngineBenchmark.Entry> entries = new ArrayList<>();
    entries.add(EngineBenchmark.Entry.of(torch, device, Precision.FP32, threads));
    EngineBenchmark.Entry bf16 = EngineBenchmark.Entry.of(torch, device, Precision.BF16, threads);
    entries.add(bf16);
    if (work == Work.STEP) {
      entries.add(bf16.withLowMemoryOptimizer());
    }
    if (!cuda) {
      entries.add(EngineBenchmark.Entry.of(Engines.named("nd4j"), device, Precision.FP32, threads));
    }
    return entries;
  }

  /**
   * Runs {@code step|inference [cpu|cuda[:N] [turns [file.json]]]} and prints the tables.
   *
   * @throws IllegalArgumentException naming the argument and what is allowed
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 1 || arguments.length > 4) {
      throw new IllegalArgumentException(
          "arguments %s are not: step|inference [cpu|cuda[:N] [turns [file.json]]]"
              .formatted(List.of(arguments)));
    }
    Benchmark benchmark =
        new Benchmark(
            Work.valueOf(arguments[0].toUpperCase(Locale.ROOT)),
            arguments.length > 1 ? Device.of(arguments[1]) : Device.CPU,
            Runtime.getRuntime().availableProcessors(),
            arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10);
    List<BenchmarkReport> reports = benchmark.run();
    reports.forEach(report -> System.out.println(report.table()));
    if (arguments.length > 3) {
      Files.writeString(
          Path.of(arguments[3]),
          "[" + String.join(",\n", reports.stream().map(BenchmarkReport::json).toList()) + "]\n");
    }
  }
}
