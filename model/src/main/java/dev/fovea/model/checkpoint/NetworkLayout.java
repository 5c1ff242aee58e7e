package dev.fovea.model.checkpoint;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import dev.fovea.model.optim.ParameterUpdater;
import dev.fovea.model.optim.StateSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where each parameter and its optimiser state lie in DL4J's flat vectors, read off a network's
 * updaters, which know names and shapes as PyTorch has them.
 *
 * @param parameters in the order of the flat vectors, without gaps
 * @param parameterCount length of the flat parameter vector
 * @param stateCount length of the flat updater state
 */
public record NetworkLayout(List<ParameterSlice> parameters, long parameterCount, long stateCount) {
  /** Building a graph takes up to a second; a process sees few shapes, and layouts are small. */
  private static final Map<UpscalerConfig, NetworkLayout> UPSCALERS = new ConcurrentHashMap<>();

  private static final Map<CriticConfig, NetworkLayout> CRITICS = new ConcurrentHashMap<>();

  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);

  /**
   * One parameter.
   *
   * @param name such as {@code encoder.3.conv1.v}
   * @param shape as in PyTorch, 'c' order
   * @param offset where it starts in the flat parameter vector
   * @param stateOffset where its state starts in the flat updater state
   * @param state the arrays in its state, their offsets counted from {@code stateOffset}; none for
   *     a running statistic
   */
  public record ParameterSlice(
      String name, List<Long> shape, long offset, long stateOffset, List<StateSlice> state) {
    public ParameterSlice {
      shape = List.copyOf(shape);
      state = List.copyOf(state);
    }
  }

  public NetworkLayout {
    parameters = List.copyOf(parameters);
  }

  /** The layout of an upscaler, which its loss and optimiser settings do not change. */
  public static NetworkLayout of(UpscalerConfig config) {
    return UPSCALERS.computeIfAbsent(config, NetworkLayout::build);
  }

  /** The layout of a critic, running statistics included. */
  public static NetworkLayout of(CriticConfig config) {
    return CRITICS.computeIfAbsent(config, NetworkLayout::build);
  }

  private static NetworkLayout build(UpscalerConfig config) {
    return of(
        UpscalerGraph.training(config, new LossConfig(ReconstructionLoss.MSE, 0), ADAFACTOR),
        config.parameterCount());
  }

  private static NetworkLayout build(CriticConfig config) {
    return of(
        CriticGraph.training(config, ADAFACTOR),
        config.parameterCount() + config.statisticsCount());
  }

  private static NetworkLayout of(ComputationGraphConfiguration configuration, long length) {
    ComputationGraph graph = new ComputationGraph(configuration);
    INDArray parameters = Nd4j.createUninitialized(DataType.FLOAT, 1, length);
    graph.init(parameters, false);
    try {
      return of(graph);
    } finally {
      graph.close();
    }
  }

  /**
   * The layout of an initialised network.
   *
   * @throws IllegalArgumentException naming the layer if a parameter's updater is not an Adafactor
   *     of its own
   */
  public static NetworkLayout of(ComputationGraph graph) {
    List<ParameterSlice> slices = new ArrayList<>();
    for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
      if (!(block.getGradientUpdater().getConfig() instanceof ParameterUpdater updater)) {
        throw new IllegalArgumentException(
            "layer %s is updated by %s, not by Adafactor"
                .formatted(
                    block
                        .getLayersAndVariablesInBlock()
                        .get(0)
                        .getLayer()
                        .getConfig()
                        .getLayerName(),
                    block.getGradientUpdater().getConfig()));
      }
      List<Long> shape = new ArrayList<>();
      for (long dimension : updater.shape()) {
        shape.add(dimension);
      }
      slices.add(
          new ParameterSlice(
              updater.parameter(),
              shape,
              block.getParamOffsetStart(),
              block.getUpdaterViewOffsetStart(),
              updater.layout()));
    }
    return new NetworkLayout(
        slices, graph.numParams(), graph.getUpdater().getStateViewArray().length());
  }
}
