package dev.fovea.jobs.spark.memory;

import dev.fovea.model.benchmark.EngineBenchmark;
import dev.fovea.model.benchmark.EngineBenchmark.Entry;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticSize;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A program that takes a few whole optimiser steps of a network and says what the process took
 * beside its heap at most, which has to be of fixed size and touched ({@code -Xms}, {@code -Xmx},
 * {@code -XX:+AlwaysPreTouch}). Linux only.
 */
final class MeasuredSteps {
  private static final int THREADS = 2;

  private MeasuredSteps() {}

  /**
   * Takes the steps and prints a line {@code peak BATCH BYTES} for each batch size.
   *
   * @param arguments engine, precision, upscale ratio, channels, hidden ratio, layers, pixels a
   *     side of the low resolution, size of the critic or {@code none}, and batch sizes that grow
   */
  public static void main(String[] arguments) throws IOException {
    Entry entry =
        Entry.of(
            Engines.named(arguments[0]),
            Device.CPU,
            Precision.valueOf(arguments[1].toUpperCase(Locale.ROOT)),
            THREADS);
    UpscalerConfig config =
        new UpscalerConfig(
            BaseUpscaler.BICUBIC,
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]));
    int low = Integer.parseInt(arguments[6]);
    for (int i = 8; i < arguments.length; i++) {
      int batch = Integer.parseInt(arguments[i]);
      EngineBenchmark steps = new EngineBenchmark(config, batch, low, low, 1, 2);
      if (arguments[7].equals("none")) {
        steps.steps(List.of(entry), line -> {});
      } else {
        steps.alternatingSteps(CriticSize.of(arguments[7]).config(), List.of(entry), line -> {});
      }
      System.out.println("peak " + batch + " " + (peak() - Runtime.getRuntime().totalMemory()));
    }
  }

  static long peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
