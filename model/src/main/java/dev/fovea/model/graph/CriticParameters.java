package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.graph.CriticLayer.Parameter;
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
 * The parameters of a {@link CriticLayer} as views of the flat vector. Their initial values depend
 * on the configuration's seed and the layer's name and on nothing else.
 */
final class CriticParameters implements ParamInitializer {
  static final CriticParameters INSTANCE = new CriticParameters();

  /** Numbers drawn at a time. */
  private static final int CHUNK = 1 << 16;

  private CriticParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return parameters(layer).stream().mapToLong(Parameter::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return parameters(layer).stream().map(Parameter::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return paramKeys(layer).stream().filter(name -> isWeightParam(layer, name)).toList();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return paramKeys(layer).stream().filter(name -> isBiasParam(layer, name)).toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String name) {
    return !isBiasParam(layer, name);
  }

  @Override
  public boolean isBiasParam(Layer layer, String name) {
    return CriticLayer.BIAS.equals(name);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray view, boolean initializeParams) {
    CriticLayer layer = (CriticLayer) conf.getLayer();
    Map<String, INDArray> views = split(layer, view);
    views.keySet().forEach(conf::addVariable);
    if (initializeParams) {
      SplittableRandom random =
          new SplittableRandom(
              conf.getSeed() * 0x9E3779B97F4A7C15L + layer.getLayerName().hashCode());
      layer.parameters().forEach(each -> initialize(each, random, views.get(each.name())));
    }
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return split((CriticLayer) conf.getLayer(), view);
  }

  private static Map<String, INDArray> split(CriticLayer layer, INDArray view) {
    INDArray flat = view.reshape(new long[] {view.length()});
    Map<String, INDArray> views = new LinkedHashMap<>();
    long from = 0;
    for (Parameter parameter : layer.parameters()) {
      long to = from + parameter.length();
      views.put(
          parameter.name(),
          flat.get(NDArrayIndex.interval(from, to)).reshape('c', parameter.dimensions()));
      from = to;
    }
    return views;
  }

  private static void initialize(Parameter parameter, SplittableRandom random, INDArray view) {
    double[] values = new double[CHUNK];
    long length = parameter.length();
    for (long position = 0; position < length; position += CHUNK) {
      int count = (int) Math.min(CHUNK, length - position);
      for (int i = 0; i < count; i++) {
        values[i] =
            parameter.bound() == 0
                ? parameter.centre()
                : parameter.centre() + (random.nextDouble() * 2 - 1) * parameter.bound();
      }
      HostCopy.write(values, count, view, position);
    }
  }

  private static List<Parameter> parameters(Layer layer) {
    return ((CriticLayer) layer).parameters();
  }
}
