package dev.fovea.model.graph;

import dev.fovea.model.graph.WeightNormConvolution.Activation;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution as PyTorch's {@code Conv2d(nIn, nOut, k, stride, padding=k//2)}: y = activation(
 * conv(x, weight) + bias).
 *
 * <p>NHWC: x [B, H, W, nIn], y [B, ceil(H/stride), ceil(W/stride), nOut]. Parameters: {@code
 * weight} [nOut, nIn, k, k] and, where there is one, {@code bias} [nOut].
 */
public final class Convolution extends CriticLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty("kernelSize")
  private int kernelSize;

  @JsonProperty("stride")
  private int stride;

  @JsonProperty("bias")
  private Bias bias;

  /** For JSON. */
  Convolution() {}

  /**
   * @param in channels of the input, 1 or more
   * @param out channels of the output, 1 or more
   * @param kernelSize height and width of the kernel, odd
   * @param stride 1 or more
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Convolution(
      int in, int out, int kernelSize, int stride, Bias bias, Activation activation) {
    super(in, out, activation.function());
    if (kernelSize < 1 || kernelSize % 2 == 0) {
      throw new IllegalArgumentException("kernel size %d is not odd".formatted(kernelSize));
    }
    if (stride < 1) {
      throw new IllegalArgumentException("stride %d is not 1 or more".formatted(stride));
    }
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.bias = bias;
  }

  /** Whether a number is added to each channel. */
  public enum Bias {
    NONE,
    ADDED
  }

  /** Height and width of the kernel. */
  public int kernelSize() {
    return kernelSize;
  }

  /** Pixels from one place of the kernel to the next. */
  public int stride() {
    return stride;
  }

  /** Whether a number is added to each channel. */
  public Bias bias() {
    return bias;
  }

  /** What follows the convolution. */
  public Activation activation() {
    return Activation.of(getActivationFn());
  }

  @Override
  List<Parameter> parameters() {
    long fanIn = nIn * kernelSize * kernelSize;
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(
        Parameter.uniform(WEIGHT, fanIn, nOut, nIn, (long) kernelSize, (long) kernelSize));
    if (bias == Bias.ADDED) {
      parameters.add(Parameter.uniform(BIAS, fanIn, nOut));
    }
    return parameters;
  }

  @Override
  CriticExecution<?> execution(NeuralNetConfiguration conf, DataType dataType) {
    return new ConvolutionLayer(conf, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputTypeConvolutional in = picture(inputType);
    return InputType.convolutional(
        NativeConvolution.resultSize(in.getHeight(), stride),
        NativeConvolution.resultSize(in.getWidth(), stride),
        nOut,
        CNN2DFormat.NHWC);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Convolution that
        && super.equals(other)
        && kernelSize == that.kernelSize
        && stride == that.stride
        && bias == that.bias;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * super.hashCode() + kernelSize) + stride;
  }

  @Override
  public String toString() {
    return "Convolution[%s: %d -> %d, kernel %dx%d, stride %d, bias %s, %s]"
        .formatted(
            getLayerName(), nIn, nOut, kernelSize, kernelSize, stride, bias, getActivationFn());
  }
}
