package dev.fovea.model.benchmark;

import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.exchange.OnnxModel;
import dev.fovea.model.exchange.OnnxSession;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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
 * @param turns how many times each engine is measured, 1 or more
 * @param worksPerTurn steps or batches in a turn, 1 or more
 */
public record EngineBenchmark(
    UpscalerConfig config, int batch, int height, int width, int turns, int worksPerTurn) {
  private static final double LEARNING_RATE = 1e-4;
  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(LEARNING_RATE, -0.8);
  private static final double MAX_GRADIENT_NORM = 1;
  private static final long SEED = 1;
  private static final int WARMUPS = 3;

  /**
   * @throws IllegalArgumentException naming the values and what is allowed
   */
  public EngineBenchmark {
    if (batch < 1 || height < 1 || width < 1 || turns < 1 || worksPerTurn < 1) {
      throw new IllegalArgumentException(
          "batch %d of %d x %d, %d turns of %d: all have to be 1 or more"
              .formatted(batch, height, width, turns, worksPerTurn));
    }
  }

  /** r4 C64 h2 N8, batch 4, 64 x 64: what a CPU is measured by. */
  public static EngineBenchmark cpu(int turns) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 8), 4, 64, 64, turns, 1);
  }

  /** r4 C64 h2 N8, batch 4, 32 x 32: what a CPU is measured by in stage 2. */
  public static EngineBenchmark cpuWithCritic(int turns) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 8), 4, 32, 32, turns, 1);
  }

  /** r4 h2 N16, batch 32, 64 x 64: what a GPU is measured by. */
  public static EngineBenchmark gpu(int channels, int turns) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, channels, 2, 16), 32, 64, 64, turns, 20);
  }

  /** One picture of 480 x 270 to 1920 x 1080, r4 C64 h2 N16. */
  public static EngineBenchmark fullHd(int turns) {
    return new EngineBenchmark(
        new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 16), 1, 270, 480, turns, 1);
  }

  /**
   * An engine with its settings, as a line of the table.
   *
   * @param name in the table
   * @param engine what is measured
   * @param options how it is opened
   */
  public record Entry(String name, Engine engine, EngineOptions options) {
    /** An engine on a device; the name says engine and precision. */
    public static Entry of(Engine engine, Device device, Precision precision, int threads) {
      return new Entry(
          engine.name() + " " + precision.name().toLowerCase(Locale.ROOT),
          engine,
          new EngineOptions(device, precision, threads, false));
    }

    /** The same with the optimiser that takes less memory. */
    public Entry withLowMemoryOptimizer() {
      return new Entry(
          name + " low memory",
          engine,
          new EngineOptions(options.device(), options.precision(), options.threads(), true));
    }
  }

  /**
   * Whole optimiser steps: forward, backward, clipping, Adafactor.
   *
   * @param said is told each time when it is known
   */
  public List<Measurement> steps(List<Entry> entries, Consumer<String> said) {
    ComputationGraph network = network();
    return contest()
        .run("step", contenders(entries, entry -> Steps.of(entry, network, low(), high())), said);
  }

  /**
   * Whole alternating steps of stage 2: three passes of the critic, two optimiser steps.
   *
   * @param criticConfig the critic
   * @param said is told each time when it is known
   */
  public List<Measurement> alternatingSteps(
      CriticConfig criticConfig, List<Entry> entries, Consumer<String> said) {
    ComputationGraph upscaler = network();
    ComputationGraph critic =
        CriticGraph.initialised(CriticGraph.training(criticConfig, ADAFACTOR), SEED);
    return contest()
        .run(
            "alternating step",
            contenders(
                entries, entry -> AlternatingSteps.of(entry, upscaler, critic, low(), high())),
            said);
  }

  private static NetworkState state(ComputationGraph network) {
    return new NetworkState(network.params(), network.getUpdater().getStateViewArray());
  }

  /**
   * Upscaling of the mini-batch, by the engines and, unless the first of them is on CUDA, by
   * onnxruntime on the CPU with as many threads, where it is on the class path.
   *
   * @param said is told each time when it is known
   */
  public List<Measurement> inference(List<Entry> entries, Consumer<String> said) {
    INDArray parameters = network().params();
    List<Contest.Contender> contenders =
        contenders(entries, entry -> Inference.of(entry, config, parameters, low()));
    EngineOptions options = entries.get(0).options();
    if (options.device().kind() != Device.Kind.CUDA && onnxRuntimeIsThere()) {
      contenders.add(onnxRuntime(parameters, options.threads()));
    }
    return contest().run("inference", contenders, said);
  }

  /** Asked without loading {@link OnnxSession}, which does not load without it. */
  private static boolean onnxRuntimeIsThere() {
    return EngineBenchmark.class.getResource("/ai/onnxruntime/OrtEnvironment.class") != null;
  }

  private Contest.Contender onnxRuntime(INDArray parameters, int threads) {
    byte[] model = OnnxModel.of(config, parameters, ElementType.F32, Map.of());
    INDArray low = low();
    return new Contest.Contender(
        "onnxruntime fp32",
        () ->
            new OnnxInference(new OnnxSession(model, threads), low.data().asFloat(), low.shape()));
  }

  private static List<Contest.Contender> contenders(
      List<Entry> entries, Function<Entry, Contest.Worker> opened) {
    return entries.stream()
        .map(entry -> new Contest.Contender(entry.name(), () -> opened.apply(entry)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private Contest contest() {
    return new Contest(WARMUPS, turns, worksPerTurn);
  }

  private ComputationGraph network() {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(config, new LossConfig(ReconstructionLoss.MSE, 0), ADAFACTOR);
    return UpscalerGraph.initialised(graph, SEED);
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

  private record Steps(Trainer trainer, INDArray low, INDArray high) implements Contest.Worker {
    static Steps of(Entry entry, ComputationGraph network, INDArray low, INDArray high) {
      Trainer trainer = entry.engine().openTrainer(network.getConfiguration(), entry.options());
      trainer.restore(network.params(), network.getUpdater().getStateViewArray());
      return new Steps(trainer, low, high);
    }

    @Override
    public void work() {
      trainer.accumulate(low, high);
      trainer.step(LEARNING_RATE, MAX_GRADIENT_NORM);
    }

    @Override
    public void finish() {
      trainer.drain();
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private record AlternatingSteps(AdversarialTrainer trainer, INDArray low, INDArray high)
      implements Contest.Worker {
    static AlternatingSteps of(
        Entry entry,
        ComputationGraph upscaler,
        ComputationGraph critic,
        INDArray low,
        INDArray high) {
      AdversarialTrainer trainer =
          entry
              .engine()
              .openAdversarialTrainer(
                  upscaler.getConfiguration(),
                  critic.getConfiguration(),
                  AdversarialTerm.ON,
                  entry.options());
      trainer.restore(state(upscaler), state(critic));
      return new AlternatingSteps(trainer, low, high);
    }

    @Override
    public void work() {
      trainer.accumulateCritic(low, high);
      trainer.stepCritic(LEARNING_RATE, MAX_GRADIENT_NORM);
      trainer.accumulateUpscaler();
      trainer.stepUpscaler(LEARNING_RATE, MAX_GRADIENT_NORM);
    }

    @Override
    public void finish() {
      trainer.drain();
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private record Inference(Upscaler upscaler, INDArray low) implements Contest.Worker {
    static Inference of(Entry entry, UpscalerConfig config, INDArray parameters, INDArray low) {
      return new Inference(entry.engine().openUpscaler(config, parameters, entry.options()), low);
    }

    @Override
    public void work() {
      upscaler.upscale(low).close();
    }

    @Override
    public void finish() {
      // the result was waited for
    }

    @Override
    public void close() {
      upscaler.close();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // read-only
  private record OnnxInference(OnnxSession runtime, float[] low, long[] shape)
      implements Contest.Worker {
    @Override
    public void work() {
      runtime.upscale(low, shape);
    }

    @Override
    public void finish() {
      // the result was waited for
    }

    @Override
    public void close() {
      runtime.close();
    }
  }
}
