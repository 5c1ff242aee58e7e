package dev.fovea.model.benchmark;

import dev.fovea.model.config.CriticSize;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

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

  /**
   * Measures, one report for each network and batch, and for a critic.
   *
   * @param said is told how things go, line by line
   */
  public List<BenchmarkReport> run(Consumer<String> said) {
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
    List<EngineBenchmark.Entry> entries = entries(cuda, said);
    List<BenchmarkReport> reports = new ArrayList<>();
    for (EngineBenchmark subject : subjects) {
      said.accept("measuring " + title(subject));
      reports.add(
          new BenchmarkReport(
              title(subject),
              work == Work.STEP ? subject.steps(entries, said) : subject.inference(entries, said)));
    }
    if (work == Work.STEP) {
      EngineBenchmark subject =
          cuda ? EngineBenchmark.gpu(64, turns) : EngineBenchmark.cpuWithCritic(turns);
      String title = title(subject) + ", against the %s critic".formatted(CRITIC.id());
      said.accept("measuring " + title);
      reports.add(
          new BenchmarkReport(title, subject.alternatingSteps(CRITIC.config(), entries, said)));
    }
    return reports;
  }

  private String title(EngineBenchmark subject) {
    return "%s, batch %d of %d x %d, %s, %d threads"
        .formatted(
            subject.config(), subject.batch(), subject.width(), subject.height(), device, threads);
  }

  private List<EngineBenchmark.Entry> entries(boolean cuda, Consumer<String> said) {
    Engine torch = Engines.named("torch");
    EngineOptions automatic = new EngineOptions(device, Precision.AUTO, threads, false);
    List<EngineBenchmark.Entry> entries = entries(torch.precision(automatic) == Precision.BF16);
    if (entries.stream().noneMatch(entry -> entry.options().precision() == Precision.BF16)) {
      said.accept(
          "bf16 is left out: this processor does not multiply it, and emulates it at a fraction of"
              + " the speed of fp32");
    }
    if (!cuda) {
      entries.add(EngineBenchmark.Entry.of(Engines.named("nd4j"), device, Precision.FP32, threads));
      if (work == Work.INFERENCE) {
        Engine vector = Engines.named("vector");
        vector
            .obstacle()
            .ifPresentOrElse(
                obstacle -> said.accept("vector is left out: " + obstacle),
                () ->
                    entries.add(EngineBenchmark.Entry.of(vector, device, Precision.FP32, threads)));
      }
    }
    return entries;
  }

  /** Those of LibTorch, where the device multiplies bf16 or does not. */
  List<EngineBenchmark.Entry> entries(boolean multipliesBf16) {
    Engine torch = Engines.named("torch");
    List<EngineBenchmark.Entry> entries = new ArrayList<>();
    entries.add(EngineBenchmark.Entry.of(torch, device, Precision.FP32, threads));
    EngineBenchmark.Entry fastest = entries.get(0);
    if (multipliesBf16) {
      fastest = EngineBenchmark.Entry.of(torch, device, Precision.BF16, threads);
      entries.add(fastest);
    }
    if (work == Work.STEP) {
      entries.add(fastest.withLowMemoryOptimizer());
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
    List<BenchmarkReport> reports = benchmark.run(System.err::println);
    reports.forEach(report -> System.out.println(report.table()));
    if (arguments.length > 3) {
      Files.writeString(
          Path.of(arguments[3]),
          "[" + String.join(",\n", reports.stream().map(BenchmarkReport::json).toList()) + "]\n");
    }
  }
}
