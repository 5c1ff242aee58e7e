package dev.fovea.model.graph;

import dev.fovea.model.optim.Adafactor;
import java.util.Collection;
import java.util.List;
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
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A weight-normalised convolution with bias: y = activation(conv(x, g v / ||v||) + b), stride 1,
 * padded with zeros to keep height and width.
 *
 * <p>NHWC: x [B, H, W, nIn], y [B, H, W, nOut]. Parameters: direction {@code v} [nOut, nIn, k, k]
 * in 'c' order as PyTorch's, gain {@code g} [nOut], bias {@code b} [nOut], which follow one another
 * in the flat vector in this order. The norm is taken per output channel (Salimans and Kingma,
 * 2016).
 */
public final class WeightNormConvolution extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty("kernelSize")
  private int kernelSize;

  /** For JSON. */
  WeightNormConvolution() {}

  /**
   * @param in channels of the input, 1 or more
   * @param out channels of the output, 1 or more
   * @param kernelSize height and width of the kernel, odd
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public WeightNormConvolution(int in, int out, int kernelSize, Activation activation) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "convolution from %d to %d channels needs 1 or more of both".formatted(in, out));
    }
    if (kernelSize < 1 || kernelSize % 2 == 0) {
      throw new IllegalArgumentException("kernel size %d is not odd".formatted(kernelSize));
    }
    setNIn(in);
    setNOut(out);
    this.kernelSize = kernelSize;
    setActivationFn(activation.function());
    // DL4J wants one where it reads a configuration; WeightNormParameters has its own values.
    setWeightInitFn(new WeightInitXavier());
  }

  /** What follows the convolution. */
  public enum Activation {
    NONE,
    SILU;

    IActivation function() {
      return this == SILU ? new SiLU() : new ActivationIdentity();
    }

    static Activation of(IActivation function) {
      return function instanceof SiLU ? SILU : NONE;
    }
  }

  /** Height and width of the kernel. */
  public int kernelSize() {
    return kernelSize;
  }

  /** What follows the convolution. */
  public Activation activation() {
    return Activation.of(getActivationFn());
  }

  long fanIn() {
    return nIn * kernelSize * kernelSize;
  }

  long[] directionShape() {
    return new long[] {nOut, nIn, kernelSize, kernelSize};
  }

  @Override
  public ParamInitializer initializer() {
    return WeightNormParameters.INSTANCE;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParams,
      DataType dataType) {
    WeightNormConvolutionLayer layer = new WeightNormConvolutionLayer(conf, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initializeParams));
    return layer;
  }

  /** The layer's updater; Adafactor made out for the parameter's shape in PyTorch. */
  @Override
  public IUpdater getUpdaterByParam(String parameter) {
    if (!(getIUpdater() instanceof Adafactor adafactor)) {
      return super.getUpdaterByParam(parameter);
    }
    long[] shape =
        switch (parameter) {
          case WeightNormParameters.DIRECTION -> directionShape();
          case WeightNormParameters.GAIN -> new long[] {nOut, 1, 1, 1};
          default -> new long[] {nOut};
        };
    return adafactor.forParameter(getLayerName() + "." + parameter, shape);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String parameter) {
    return getIUpdater() instanceof Adafactor adafactor
        ? List.of(adafactor.parameterScaling())
        : super.getRegularizationByParam(parameter);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputTypeConvolutional in = picture(inputType);
    return InputType.convolutional(in.getHeight(), in.getWidth(), nOut, CNN2DFormat.NHWC);
  }

  /** The number of channels is the constructor's; this checks that it fits. */
  @Override
  public void setNIn(InputType inputType, boolean override) {
    InputTypeConvolutional in = picture(inputType);
    if (in.getChannels() != nIn) {
      throw new InvalidInputTypeException(
          "layer %s takes %d channels, not %d".formatted(getLayerName(), nIn, in.getChannels()));
    }
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    picture(inputType);
    return null;
  }

  private InputTypeConvolutional picture(InputType inputType) {
    if (inputType instanceof InputTypeConvolutional in && in.getFormat() == CNN2DFormat.NHWC) {
      return in;
    }
    throw new InvalidInputTypeException(
        "layer %s takes pictures in NHWC, not %s".formatted(getLayerName(), inputType));
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    InputType out = getOutputType(-1, inputType);
    long parameters = initializer().numParams(this);
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), inputType, out)
        .standardMemory(parameters, parameters)
        .workingMemory(parameters, 0, 2 * parameters, 2 * out.arrayElementsPerExample())
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightNormConvolution that
        && super.equals(other)
        && kernelSize == that.kernelSize;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + kernelSize;
  }

  @Override
  public String toString() {
    return "WeightNormConvolution[%s: %d -> %d, kernel %dx%d, %s]"
        .formatted(getLayerName(), nIn, nOut, kernelSize, kernelSize, getActivationFn());
  }
}
