package dev.fovea.model.graph;

import dev.fovea.model.optim.Adafactor;
import dev.fovea.model.optim.RunningStatistic;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A layer of the critic: takes pictures in NHWC [B, H, W, nIn] and has the parameters that it
 * lists, which follow one another in the flat vector in the order of the list.
 */
abstract class CriticLayer extends FeedForwardLayer {
  static final String WEIGHT = "weight";
  static final String BIAS = "bias";

  private static final long serialVersionUID = 1;

  /** For JSON. */
  CriticLayer() {}

  CriticLayer(int in, int out, IActivation activation) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "layer from %d to %d channels needs 1 or more of both".formatted(in, out));
    }
    setNIn(in);
    setNOut(out);
    setActivationFn(activation);
    // DL4J wants one where it reads a configuration; CriticParameters has its own values.
    setWeightInitFn(new WeightInitXavier());
  }

  /** The layer's parameters, in the order of the flat vector. */
  abstract List<Parameter> parameters();

  /** What the layer does in a graph. */
  abstract CriticExecution<?> execution(NeuralNetConfiguration conf, DataType dataType);

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParams,
      DataType dataType) {
    CriticExecution<?> layer = execution(conf, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initializeParams));
    return layer;
  }

  /**
   * One array of a layer's parameters.
   *
   * @param name such as {@code weight}
   * @param kind whether it is trained
   * @param shape as in PyTorch, 'c' order
   * @param centre its initial values lie around this
   * @param bound and at most this far away
   */
  record Parameter(String name, Kind kind, List<Long> shape, double centre, double bound) {
    /** Who changes a parameter. */
    enum Kind {
      /** The optimiser. */
      TRAINED,
      /** The layer itself, while it is trained. */
      STATISTIC
    }

    /** Drawn from +-1/sqrt(fanIn), as PyTorch's convolutions and linear layers are. */
    static Parameter uniform(String name, long fanIn, Long... shape) {
      return new Parameter(name, Kind.TRAINED, List.of(shape), 0, 1 / Math.sqrt((double) fanIn));
    }

    static Parameter constant(String name, Kind kind, double value, Long... shape) {
      return new Parameter(name, kind, List.of(shape), value, 0);
    }

    long length() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  @Override
  public final ParamInitializer initializer() {
    return CriticParameters.INSTANCE;
  }

  /** The layer's updater; Adafactor made out for the parameter's shape in PyTorch. */
  @Override
  public final IUpdater getUpdaterByParam(String name) {
    Parameter parameter = parameter(name);
    String unique = getLayerName() + "." + name;
    if (parameter.kind() == Parameter.Kind.STATISTIC) {
      return new RunningStatistic(unique, parameter.dimensions());
    }
    return getIUpdater() instanceof Adafactor adafactor
        ? adafactor.forParameter(unique, parameter.dimensions())
        : super.getUpdaterByParam(name);
  }

  @Override
  public final List<Regularization> getRegularizationByParam(String name) {
    return parameter(name).kind() == Parameter.Kind.TRAINED
            && getIUpdater() instanceof Adafactor adafactor
        ? List.of(adafactor.parameterScaling())
        : List.of();
  }

  private Parameter parameter(String name) {
    return parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "layer %s has no parameter %s, it has %s"
                        .formatted(
                            getLayerName(),
                            name,
                            parameters().stream().map(Parameter::name).toList())));
  }

  /** The number of channels is the constructor's; this checks that it fits. */
  @Override
  public final void setNIn(InputType inputType, boolean override) {
    InputTypeConvolutional in = picture(inputType);
    if (in.getChannels() != nIn) {
      throw new InvalidInputTypeException(
          "layer %s takes %d channels, not %d".formatted(getLayerName(), nIn, in.getChannels()));
    }
  }

  @Override
  public final InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    picture(inputType);
    return null;
  }

  final InputTypeConvolutional picture(InputType inputType) {
    if (inputType instanceof InputTypeConvolutional in && in.getFormat() == CNN2DFormat.NHWC) {
      return in;
    }
    throw new InvalidInputTypeException(
        "layer %s takes pictures in NHWC, not %s".formatted(getLayerName(), inputType));
  }

  /** Says what is wrong with an input, if anything. */
  final void check(long[] shape) {
    if (shape.length != 4 || shape[3] != nIn) {
      throw new IllegalArgumentException(
          "layer %s takes NHWC [B, H, W, %d], not %s"
              .formatted(getLayerName(), nIn, Arrays.toString(shape)));
    }
  }

  @Override
  public final LayerMemoryReport getMemoryReport(InputType inputType) {
    InputType out = getOutputType(-1, inputType);
    long parameters = initializer().numParams(this);
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), inputType, out)
        .standardMemory(parameters, parameters)
        .workingMemory(0, 0, 0, 2 * out.arrayElementsPerExample())
        .cacheMemory(0, 0)
        .build();
  }
}
