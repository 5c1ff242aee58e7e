package dev.fovea.benchmark;

import dev.fovea.config.AdafactorConfig;
import dev.fovea.config.BaseUpscaler;
import dev.fovea.config.Device;
import dev.fovea.config.LossConfig;
import dev.fovea.config.Precision;
import dev.fovea.config.ReconstructionLoss;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.engine.Engine;
import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.Trainer;
import dev.fovea.engine.Upscaler;
import dev.fovea.graph.UpscalerGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Optimiser steps and upscaling of one mini-batch that stays in memory, by any number of engines in
 * turns: what is left when nothing has to be read or decoded.
 *
 * @param config the network
 * @param batch pictures of a mini-batch, 1 or more
 * @param height of the low-resolution pictures
 * @param width of the low-resolution pictures
 * @param warmups unmeasured repetitions of each contender
 * @param repetitions measured repetitions of each contender, 1 or more
 */
public record EngineBenchmark(
    UpscalerConfig config, int batch, int height, int width, int warmups, int repetitions) {
  private static final double LEARNING_RATE = 1e-4;
  private static final double MAX_GRADIENT_NORM = 1;
  private static final long SEED = 1;

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public EngineBenchmark {
    if (batch < 1 || height < 1 || width < 1 || warmups < 0 || repetitions < 1) {
      throw new IllegalArgumentException(
          "batch %d of %d x %d, %d warm-ups and %d repetitions: all have to be 1 or more"
              .formatted(batch, height, width, warmups, repetitions));
    }
  }

  /** r4 C64 h2 N8, batch 4, 64 x 64: what a CPU is measured by. */
  public static EngineBenchmark cpu(int repetitions) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 8), 4, 64, 64, 2, repetitions);
  }

  /** r4 h2 N16, batch 32, 64 x 64: what a GPU is measured by. */
  public static EngineBenchmark gpu(int channels, int repetitions) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, channels, 2, 16), 32, 64, 64, 20, repetitions);
  }

  /**
   * An engine with its settings, as a line of the table.
   *
   * @param name in the table
   */
  public record Entry(String name, Engine engine, EngineOptions options) {
    /** An engine on a device; the name says engine and precision. */
    public static Entry of(Engine engine, Device device, Precision precision, int threads) {
      return new Entry(
          "%s %s".formatted(engine.name(), precision.name().toLowerCase(java.util.Locale.ROOT)),
          engine,
          new EngineOptions(device, precision, threads, false));
    }
  }

  /** Whole optimiser steps: forward, backward, clipping, Adafactor. */
  public List<Measurement> steps(List<Entry> entries) {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(
            config,
            new LossConfig(ReconstructionLoss.MSE, 0),
            AdafactorConfig.of(LEARNING_RATE, -0.8));
    ComputationGraph network = UpscalerGraph.initialised(graph, SEED);
    return contest(
        "step",
        entries.stream()
            .map(
                entry -> {
                  Trainer trainer = entry.engine().openTrainer(graph, entry.options());
                  trainer.restore(network.params(), network.getUpdater().getStateViewArray());
                  return (Contest.Contender) new Steps(entry.name(), trainer, low(), high());
                })
            .toList());
  }

  /** Upscaling of the mini-batch. */
  public List<Measurement> inference(List<Entry> entries) {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(
            config,
            new LossConfig(ReconstructionLoss.MSE, 0),
            AdafactorConfig.of(LEARNING_RATE, -0.8));
    INDArray parameters = UpscalerGraph.initialised(graph, SEED).params();
    return contest(
        "inference",
        entries.stream()
            .map(
                entry ->
                    (Contest.Contender)
                        new Inference(
                            entry.name(),
                            entry.engine().openUpscaler(config, parameters, entry.options()),
                            low()))
            .toList());
  }

  private List<Measurement> contest(String work, List<Contest.Contender> contenders) {
    List<Contest.Contender> open = new ArrayList<>(contenders);
    try {
      return Contest.run(work, contenders, warmups, repetitions);
    } finally {
      open.forEach(Contest.Contender::close);
    }
  }

  private INDArray low() {
    return pictures(height, width);
  }

  private INDArray high() {
    return pictures(config.upscaleRatio() * height, config.upscaleRatio() * width);
  }

  private INDArray pictures(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] samples = new float[batch * 3 * rows * columns];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) random.nextDouble();
    }
    return Nd4j.createFromArray(samples).reshape('c', batch, 3, rows, columns);
  }

  private record Steps(String name, Trainer trainer, INDArray low, INDArray high)
      implements Contest.Contender {
    @Override
    public void work() {
      trainer.accumulate(low, high);
      trainer.step(LEARNING_RATE, MAX_GRADIENT_NORM);
      trainer.drain();
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private record Inference(String name, Upscaler upscaler, INDArray low)
      implements Contest.Contender {
    @Override
    public void work() {
      upscaler.upscale(low).close();
    }

    @Override
    public void close() {
      upscaler.close();
    }
  }
}
