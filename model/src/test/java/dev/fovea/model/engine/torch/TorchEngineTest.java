package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineContractTest;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.graph.ChannelsLastVertex;
import dev.fovea.model.graph.PixelShuffleVertex;
import dev.fovea.model.graph.UpscalerGraph;
import dev.fovea.model.graph.WeightNormConvolution;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import dev.fovea.model.loss.UpscalerLoss;
import dev.fovea.model.optim.Adafactor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class TorchEngineTest extends EngineContractTest {
  private static final UpscalerConfig CONFIG =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 16, 2, 3);

  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);

  @Override
  protected Engine engine() {
    return new TorchEngine();
  }

  @Test
  void anUnknownLayerNamesItself() {
    DenseLayer dense = new DenseLayer.Builder().nIn(3).nOut(3).build();
    ComputationGraphConfiguration graph = graphWith(g -> g.addLayer("odd", dense, "shuffle"));
    assertThatThrownBy(() -> engine().openTrainer(graph, options()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vertex odd is a org.deeplearning4j.nn.conf.layers.DenseLayer");
  }

  @Test
  void anUnknownVertexNamesItselfAndWhatIsKnown() {
    ComputationGraphConfiguration graph =
        graphWith(g -> g.addVertex("odd", new ScaleVertex(2), "shuffle"));
    assertThatThrownBy(() -> engine().openTrainer(graph, options()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vertex odd is a org.deeplearning4j.nn.conf.graph.ScaleVertex")
        .hasMessageContaining("WeightNormConvolution");
  }

  @Test
  void automaticPrecisionIsBf16WhereTheCpuMultipliesIt() {
    EngineOptions automatic = options().in(Precision.AUTO);
    assertThat(engine().precision(automatic))
        .isEqualTo(Processor.multipliesBf16() ? Precision.BF16 : Precision.FP32);
    assertThat(engine().precision(automatic.in(Precision.FP32))).isEqualTo(Precision.FP32);
    assertThat(engine().precision(automatic.in(Precision.BF16))).isEqualTo(Precision.BF16);
  }

  @Test
  void aGpuThatIsNotThereIsAnErrorThatSaysWhatIsNeeded() {
    EngineOptions cuda =
        new EngineOptions(new Device(Device.Kind.CUDA, 97), Precision.AUTO, 1, false);
    assertThatThrownBy(() -> engine().openTrainer(network().getConfiguration(), cuda))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContaining("cuda:97")
        .hasMessageContaining("torch")
        .hasMessageContaining("-Pcuda");
  }

  @ParameterizedTest
  @EnumSource
  void bf16IsCloseToPyTorchsFp32(GoldenUpscaler golden) {
    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(golden.config(), golden.loss(), ADAFACTOR), 1);
    INDArray parameters = golden.parameters(network);
    try (Upscaler upscaler = engine().openUpscaler(golden.config(), parameters, bf16(1));
        Trainer trainer = engine().openTrainer(network.getConfiguration(), bf16(1))) {
      INDArray error = upscaler.upscale(golden.input()).sub(golden.output());
      assertThat(error.norm2Number().doubleValue() / Math.sqrt((double) error.length()))
          .as("root mean square error")
          .isBetween(1e-7, 5e-3);
      trainer.restore(parameters, network.getUpdater().getStateViewArray());
      trainer.accumulate(golden.input(), golden.target());
      assertThat(relativeError(trainer.gradient(), golden.gradient(network))).isBetween(1e-6, 5e-2);
    }
  }

  @Test
  void bf16RepeatsItselfBitByBitAfterRestore() {
    ComputationGraph network = network();
    try (Trainer trainer = engine().openTrainer(network.getConfiguration(), bf16(2))) {
      Result first = train(trainer, network);
      assertThat(train(trainer, network)).isEqualTo(first);
    }
  }

  @Test
  void equalThreadsGiveEqualBitsWhateverElseRuns() throws Exception {
    ComputationGraph network = network();
    Result alone = train(network, 2);
    ExecutorService others = Executors.newFixedThreadPool(3);
    try {
      List<Future<Result>> results = new ArrayList<>();
      for (int threads : new int[] {2, 1, 2}) {
        results.add(others.submit(() -> train(network, threads)));
      }
      assertThat(results.get(0).get()).isEqualTo(alone);
      assertThat(results.get(2).get()).isEqualTo(alone);
      assertThat(results.get(1).get()).isEqualTo(train(network, 1));
    } finally {
      others.shutdown();
    }
  }

  @Test
  void theLowMemoryOptimizerTakesTheSameSteps() {
    ComputationGraph network = network();
    EngineOptions frugal = new EngineOptions(Device.CPU, Precision.FP32, 1, true);
    try (Trainer usual = engine().openTrainer(network.getConfiguration(), options());
        Trainer slow = engine().openTrainer(network.getConfiguration(), frugal)) {
      train(usual, network);
      train(slow, network);
      assertThat(relativeError(slow.parameters(), usual.parameters())).isLessThan(1e-6);
      assertThat(relativeError(slow.updaterState(), usual.updaterState())).isLessThan(1e-6);
    }
  }

  @Test
  void weightDecayIsAdafactors() {
    AdafactorConfig decaying = new AdafactorConfig(1e-2, -0.8, 1e-3, 1, 0.1);
    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(CONFIG, new LossConfig(ReconstructionLoss.L1, 0.1), decaying),
            3);
    try (Trainer one = new Nd4jEngine().openTrainer(network.getConfiguration(), options());
        Trainer other = engine().openTrainer(network.getConfiguration(), options())) {
      train(one, network);
      train(other, network);
      assertThat(relativeError(other.parameters(), one.parameters())).isLessThan(1e-5);
    }
  }

  @Test
  void stepsThatDisagreeAreNamed() {
    ComputationGraph network = network();
    INDArray state = network.getUpdater().getStateViewArray().dup();
    state.putScalar(0, 7);
    try (Trainer trainer = engine().openTrainer(network.getConfiguration(), options())) {
      assertThatThrownBy(() -> trainer.restore(network.params(), state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("7 steps for input.v");
    }
  }

  /** A small upscaler with something added that its end takes as its input. */
  private static ComputationGraphConfiguration graphWith(
      Consumer<ComputationGraphConfiguration.GraphBuilder> odd) {
    var graph =
        new NeuralNetConfiguration.Builder()
            .updater(Adafactor.of(ADAFACTOR))
            .graphBuilder()
            .addInputs("x")
            .addVertex("channels-last", new ChannelsLastVertex(), "x")
            .addLayer(
                "input", new WeightNormConvolution(3, 12, 3, Activation.NONE), "channels-last")
            .addVertex("shuffle", new PixelShuffleVertex(2), "input");
    odd.accept(graph);
    return graph
        .addLayer("end", new UpscalerLoss(new LossConfig(ReconstructionLoss.MSE, 0)), "odd")
        .setOutputs("end")
        .build();
  }

  private static EngineOptions bf16(int threads) {
    return new EngineOptions(Device.CPU, Precision.BF16, threads, false);
  }

  private record Result(List<StepFigures> figures, List<Float> parameters, List<Float> state) {}

  private static Result train(ComputationGraph network, int threads) {
    try (Trainer trainer =
        new TorchEngine().openTrainer(network.getConfiguration(), EngineOptions.cpu(threads))) {
      return train(trainer, network);
    }
  }

  private static Result train(Trainer trainer, ComputationGraph network) {
    trainer.restore(network.params(), network.getUpdater().getStateViewArray());
    List<StepFigures> figures = trainThreeSteps(trainer);
    return new Result(figures, floats(trainer.parameters()), floats(trainer.updaterState()));
  }

  private static List<Float> floats(INDArray vector) {
    List<Float> values = new ArrayList<>();
    for (float value : vector.reshape(vector.length()).toFloatVector()) {
      values.add(value);
    }
    return values;
  }

  private static ComputationGraph network() {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(CONFIG, new LossConfig(ReconstructionLoss.MSE, 0.5), ADAFACTOR), 42);
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
  }
}
