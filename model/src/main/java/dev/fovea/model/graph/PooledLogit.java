package dev.fovea.model.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The end of the critic: the mean over all pixels, and one logit for each picture, as PyTorch's
 * global average pooling and {@code Linear(C, 1)}.
 *
 * <p>x NHWC [B, H, W, C], y [B, 1]. Parameters: {@code weight} [1, C], {@code bias} [1].
 */
public final class PooledLogit extends CriticLayer {
  private static final long serialVersionUID = 1;

  /** For JSON. */
  PooledLogit() {}

  /**
   * @param channels C, 1 or more
   */
  public PooledLogit(int channels) {
    super(channels, 1, new ActivationIdentity());
  }

  @Override
  List<Parameter> parameters() {
    return List.of(Parameter.uniform(WEIGHT, nIn, 1L, nIn), Parameter.uniform(BIAS, nIn, 1L));
  }

  @Override
  CriticExecution<?> execution(NeuralNetConfiguration conf, DataType dataType) {
    return new PooledLogitLayer(conf, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    picture(inputType);
    return InputType.feedForward(1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PooledLogit && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + PooledLogit.class.hashCode();
  }

  @Override
  public String toString() {
    return "PooledLogit[%s: %d]".formatted(getLayerName(), nIn);
  }
}
