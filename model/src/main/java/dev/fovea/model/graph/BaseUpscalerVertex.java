package dev.fovea.model.graph;

import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Enlarges NCHW [B, C, H, W] to [B, C, rH, rW] as PyTorch's {@code Upsample(align_corners=False)}:
 * bilinear, or bicubic with a = -0.75; edges clamped, no antialiasing.
 */
public final class BaseUpscalerVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

  private final BaseUpscaler baseUpscaler;
  private final int upscaleRatio;

  /**
   * @param baseUpscaler the interpolation
   * @param upscaleRatio r, one of {@link UpscalerConfig#UPSCALE_RATIOS}
   */
  public BaseUpscalerVertex(
      @JsonProperty("baseUpscaler") BaseUpscaler baseUpscaler,
      @JsonProperty("upscaleRatio") int upscaleRatio) {
    if (baseUpscaler == null) {
      throw new IllegalArgumentException("base upscaler is missing");
    }
    if (!UpscalerConfig.UPSCALE_RATIOS.contains(upscaleRatio)) {
      throw new IllegalArgumentException(
          "upscale ratio %d is not one of %s"
              .formatted(upscaleRatio, UpscalerConfig.UPSCALE_RATIOS));
    }
    this.baseUpscaler = baseUpscaler;
    this.upscaleRatio = upscaleRatio;
  }

  /** The interpolation. */
  @JsonProperty("baseUpscaler")
  public BaseUpscaler baseUpscaler() {
    return baseUpscaler;
  }

  /** r, the factor by which height and width grow. */
  @JsonProperty("upscaleRatio")
  public int upscaleRatio() {
    return upscaleRatio;
  }

  @Override
  InputTypeConvolutional outputOf(InputTypeConvolutional... in) {
    return (InputTypeConvolutional)
        InputType.convolutional(
            in[0].getHeight() * upscaleRatio,
            in[0].getWidth() * upscaleRatio,
            in[0].getChannels(),
            CNN2DFormat.NCHW);
  }

  @Override
  ParameterlessExecution execution(
      ComputationGraph graph, String name, int index, DataType dataType) {
    return new Execution(
        graph, name, index, dataType, new BaseUpscaling(baseUpscaler, upscaleRatio));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BaseUpscalerVertex that
        && baseUpscaler == that.baseUpscaler
        && upscaleRatio == that.upscaleRatio;
  }

  @Override
  public int hashCode() {
    return 31 * upscaleRatio + baseUpscaler.id().hashCode();
  }

  @Override
  public String toString() {
    return "BaseUpscalerVertex[baseUpscaler=%s, upscaleRatio=%s]"
        .formatted(baseUpscaler.id(), upscaleRatio);
  }

  private static final class Execution extends ParameterlessExecution {
    private static final long serialVersionUID = 1;

    private final transient BaseUpscaling upscaling;

    Execution(
        ComputationGraph graph,
        String name,
        int index,
        DataType dataType,
        BaseUpscaling upscaling) {
      super(graph, name, index, dataType);
      this.upscaling = upscaling;
    }

    @Override
    INDArray forward(INDArray[] in, LayerWorkspaceMgr workspaces) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.ACTIVATIONS, in[0].dataType(), upscaling.upscaledShape(in[0].shape()), 'c');
      upscaling.upscale(in[0], out);
      return out;
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, in[0].dataType(), in[0].shape(), 'c');
      upscaling.backpropagate(gradient, out);
      return new INDArray[] {out};
    }
  }
}
