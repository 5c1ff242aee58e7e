package dev.fovea.model.graph;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import dev.fovea.model.loss.UpscalerLoss;
import dev.fovea.model.optim.Adafactor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The residual upscaler as a DL4J graph.
 *
 * <pre>
 * z = input(x)                                             5x5, 3 -> C
 * z = z + encoder.K.conv2(silu(encoder.K.conv1(z)))        3x3, C -> C h -> C, for K = 0 .. N-1
 * y = clamp(shuffle(decoder.conv(z)) + base(x), 0, 1)      3x3, C -> 3 r^2
 * </pre>
 *
 * <p>Input and output are NCHW [B, 3, H, W] and [B, 3, rH, rW], RGB in 0..1, any H and W.
 */
public final class UpscalerGraph {
  /** The graph's input, low-resolution pictures. */
  public static final String LOW_RESOLUTION = "low-resolution";

  /** The layer that clamps and measures, the graph's only output. */
  public static final String OUTPUT = "output";

  private static final String INPUT = "input";
  private static final String DECODER = "decoder.conv";

  private UpscalerGraph() {}

  /** The graph for training, with its loss and its updaters. */
  public static ComputationGraphConfiguration training(
      UpscalerConfig config, LossConfig loss, AdafactorConfig adafactor) {
    return training(config, loss, Adafactor.of(adafactor), DataType.FLOAT);
  }

  /** The graph in another data type and with another updater, for checks of its gradient. */
  static ComputationGraphConfiguration training(
      UpscalerConfig config, LossConfig loss, IUpdater updater, DataType dataType) {
    int ratio = config.upscaleRatio();
    Map<String, WeightNormConvolution> layers = convolutions(config);
    var graph =
        new NeuralNetConfiguration.Builder()
            .updater(updater)
            .miniBatch(false)
            .dataType(dataType)
            .trainingWorkspaceMode(WorkspaceMode.ENABLED)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .graphBuilder()
            .addInputs(LOW_RESOLUTION)
            .addVertex("channels-last", new ChannelsLastVertex(), LOW_RESOLUTION)
            .addLayer(INPUT, layers.get(INPUT), "channels-last");
    String trunk = INPUT;
    for (int k = 0; k < config.numLayers(); k++) {
      String block = "encoder." + k;
      graph
          .addLayer(block + ".conv1", layers.get(block + ".conv1"), trunk)
          .addLayer(block + ".conv2", layers.get(block + ".conv2"), block + ".conv1")
          .addVertex(block + ".sum", new SumVertex(), trunk, block + ".conv2");
      trunk = block + ".sum";
    }
    return graph
        .addLayer(DECODER, layers.get(DECODER), trunk)
        .addVertex("shuffle", new PixelShuffleVertex(ratio), DECODER)
        .addVertex("base", new BaseUpscalerVertex(config.baseUpscaler(), ratio), LOW_RESOLUTION)
        .addVertex("sum", new SumVertex(), "shuffle", "base")
        .addLayer(OUTPUT, new UpscalerLoss(loss), "sum")
        .setOutputs(OUTPUT)
        .build();
  }

  /**
   * A network with PyTorch's default initialisation and zero updater state.
   *
   * @param seed any number; equal seeds give equal parameters, on any machine
   */
  public static ComputationGraph initialised(ComputationGraphConfiguration graph, long seed) {
    return initialised(graph, seed, 1);
  }

  /**
   * A network with PyTorch's default initialisation, except that the decoder's gains are
   * multiplied, and zero updater state.
   *
   * @param seed any number; equal seeds give equal parameters, on any machine
   * @param decoderGain what the gains of {@code decoder.conv} are multiplied by, above 0; below 1
   *     the network starts nearer to its base upscaler and learns faster (0.1 in our recipe)
   * @throws IllegalArgumentException naming the factor if it is not above 0
   */
  public static ComputationGraph initialised(
      ComputationGraphConfiguration graph, long seed, double decoderGain) {
    if (!(decoderGain > 0) || Double.isInfinite(decoderGain)) {
      throw new IllegalArgumentException("decoder gain %s is not above 0".formatted(decoderGain));
    }
    ComputationGraph network = SeededNetwork.of(graph, seed);
    if (decoderGain != 1) {
      network.getLayer(DECODER).getParam(WeightNormParameters.GAIN).muli(decoderGain);
    }
    return network;
  }

  /**
   * The parameters of an upscaler by layer, in the order of the graph, as views of a flat vector.
   */
  static Map<String, Map<String, INDArray>> parameters(UpscalerConfig config, INDArray flat) {
    INDArray vector = flat.reshape(new long[] {flat.length()});
    Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();
    long from = 0;
    for (var layer : convolutions(config).entrySet()) {
      long to = from + WeightNormParameters.INSTANCE.numParams(layer.getValue());
      parameters.put(
          layer.getKey(),
          WeightNormParameters.split(
              layer.getValue(), vector.get(NDArrayIndex.interval(from, to))));
      from = to;
    }
    return parameters;
  }

  /** The convolutions by name, in the order in which the flat vector holds their parameters. */
  private static Map<String, WeightNormConvolution> convolutions(UpscalerConfig config) {
    int channels = config.numChannels();
    int hidden = config.hiddenChannels();
    int ratio = config.upscaleRatio();
    Map<String, WeightNormConvolution> layers = new LinkedHashMap<>();
    layers.put(INPUT, new WeightNormConvolution(3, channels, 5, Activation.NONE));
    for (int k = 0; k < config.numLayers(); k++) {
      String block = "encoder." + k;
      layers.put(block + ".conv1", new WeightNormConvolution(channels, hidden, 3, Activation.SILU));
      layers.put(block + ".conv2", new WeightNormConvolution(hidden, channels, 3, Activation.NONE));
    }
    layers.put(DECODER, new WeightNormConvolution(channels, 3 * ratio * ratio, 3, Activation.NONE));
    return layers;
  }
}
