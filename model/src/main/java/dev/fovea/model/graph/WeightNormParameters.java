package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a {@link WeightNormConvolution} as views of the flat vector, in this order:
 * direction v [O, I, k, k] ('c' order), gain g [O], bias b [O].
 *
 * <p>Initial values as PyTorch's: v and b uniform in +-1/sqrt(I k^2), g = ||v||. They depend on the
 * configuration's seed and the layer's name and on nothing else.
 */
final class WeightNormParameters implements ParamInitializer {
  static final WeightNormParameters INSTANCE = new WeightNormParameters();

  static final String DIRECTION = "v";
  static final String GAIN = "g";
  static final String BIAS = "b";

  private WeightNormParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    WeightNormConvolution convolution = (WeightNormConvolution) layer;
    return convolution.fanIn() * convolution.getNOut() + 2 * convolution.getNOut();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(DIRECTION, GAIN, BIAS);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(DIRECTION, GAIN);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(BIAS);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return !isBiasParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIAS.equals(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray view, boolean initializeParams) {
    WeightNormConvolution convolution = (WeightNormConvolution) conf.getLayer();
    Map<String, INDArray> parameters = split(convolution, view);
    parameters.keySet().forEach(conf::addVariable);
    if (initializeParams) {
      initialize(convolution, conf.getSeed(), parameters);
    }
    return parameters;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return split((WeightNormConvolution) conf.getLayer(), view);
  }

  /** The views of one layer's part of a flat vector, by name. */
  static Map<String, INDArray> split(WeightNormConvolution convolution, INDArray view) {
    long out = convolution.getNOut();
    long directions = convolution.fanIn() * out;
    INDArray flat = view.reshape(new long[] {view.length()});
    Map<String, INDArray> parts = new LinkedHashMap<>();
    parts.put(
        DIRECTION,
        flat.get(NDArrayIndex.interval(0, directions)).reshape('c', convolution.directionShape()));
    parts.put(GAIN, flat.get(NDArrayIndex.interval(directions, directions + out)));
    parts.put(BIAS, flat.get(NDArrayIndex.interval(directions + out, directions + 2 * out)));
    return parts;
  }

  private static void initialize(
      WeightNormConvolution convolution, long seed, Map<String, INDArray> parameters) {
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + convolution.getLayerName().hashCode());
    int out = Math.toIntExact(convolution.getNOut());
    int fanIn = Math.toIntExact(convolution.fanIn());
    double bound = 1 / Math.sqrt(fanIn);
    INDArray v = parameters.get(DIRECTION);
    double[] row = new double[fanIn];
    double[] gains = new double[out];
    for (int o = 0; o < out; o++) {
      draw(random, bound, row);
      HostCopy.write(row, fanIn, v, (long) o * fanIn);
      // The norm of what was stored, which is rounded.
      HostCopy.read(v, (long) o * fanIn, fanIn, row);
      double squares = 0;
      for (double element : row) {
        squares += element * element;
      }
      gains[o] = Math.sqrt(squares);
    }
    HostCopy.write(gains, out, parameters.get(GAIN), 0);
    double[] biases = new double[out];
    draw(random, bound, biases);
    HostCopy.write(biases, out, parameters.get(BIAS), 0);
  }

  private static void draw(SplittableRandom random, double bound, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextDouble() * 2 - 1) * bound;
    }
  }
}
