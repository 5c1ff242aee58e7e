package dev.fovea.model.graph;

import dev.fovea.model.graph.CriticLayer.Parameter.Kind;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) as PyTorch's {@code BatchNorm2d}, with eps 1e-5 and
 * momentum 0.1: y = activation(weight (x - mean) / sqrt(variance + eps) + bias).
 *
 * <p>NHWC: x and y [B, H, W, C]. In training mode mean and variance are those of the mini-batch,
 * which must have two pixels or more, and the running ones move towards them by the momentum, the
 * variance unbiased; in evaluation mode the running ones are taken. Parameters, each [C]: {@code
 * weight}, {@code bias}, {@code mean}, {@code variance}; no optimiser changes the last two, and
 * their gradient is zero.
 */
public final class BatchNorm extends CriticLayer {
  /** Added to every variance. */
  public static final double EPSILON = 1e-5;

  /** How far running statistics move towards those of a mini-batch. */
  public static final double MOMENTUM = 0.1;

  static final String RUNNING_MEAN = "mean";
  static final String RUNNING_VARIANCE = "variance";

  private static final long serialVersionUID = 1;

  /** For JSON. */
  BatchNorm() {}

  /**
   * @param channels C, 1 or more
   */
  public BatchNorm(int channels, Activation activation) {
    super(channels, channels, activation.function());
  }

  /** What follows the normalisation. */
  public Activation activation() {
    return Activation.of(getActivationFn());
  }

  @Override
  List<Parameter> parameters() {
    return List.of(
        Parameter.constant(WEIGHT, Kind.TRAINED, 1, nOut),
        Parameter.constant(BIAS, Kind.TRAINED, 0, nOut),
        Parameter.constant(RUNNING_MEAN, Kind.STATISTIC, 0, nOut),
        Parameter.constant(RUNNING_VARIANCE, Kind.STATISTIC, 1, nOut));
  }

  @Override
  CriticExecution<?> execution(NeuralNetConfiguration conf, DataType dataType) {
    return new BatchNormLayer(conf, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputTypeConvolutional in = picture(inputType);
    return InputType.convolutional(in.getHeight(), in.getWidth(), nOut, CNN2DFormat.NHWC);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchNorm && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + BatchNorm.class.hashCode();
  }

  @Override
  public String toString() {
    return "BatchNorm[%s: %d, %s]".formatted(getLayerName(), nOut, getActivationFn());
  }
}
