package dev.fovea.model.graph;

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
 * Rearranges NHWC [B, H, W, C r^2] to NCHW [B, C, rH, rW]: pixel (i, j) of each r x r cell of
 * channel c comes from channel c r^2 + i r + j, PyTorch's order (Shi et al., 2016).
 */
public final class PixelShuffleVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

  private final int upscaleRatio;

  /**
   * @param upscaleRatio r, one of {@link UpscalerConfig#UPSCALE_RATIOS}
   */
  public PixelShuffleVertex(@JsonProperty("upscaleRatio") int upscaleRatio) {
    if (!UpscalerConfig.UPSCALE_RATIOS.contains(upscaleRatio)) {
      throw new IllegalArgumentException(
          "upscale ratio %d is not one of %s"
              .formatted(upscaleRatio, UpscalerConfig.UPSCALE_RATIOS));
    }
    this.upscaleRatio = upscaleRatio;
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
            in[0].getChannels() / ((long) upscaleRatio * upscaleRatio),
            CNN2DFormat.NCHW);
  }

  @Override
  ParameterlessExecution execution(
      ComputationGraph graph, String name, int index, DataType dataType) {
    return new Execution(graph, name, index, dataType, upscaleRatio);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelShuffleVertex that && upscaleRatio == that.upscaleRatio;
  }

  @Override
  public int hashCode() {
    return 31 * PixelShuffleVertex.class.hashCode() + upscaleRatio;
  }

  @Override
  public String toString() {
    return "PixelShuffleVertex[upscaleRatio=%s]".formatted(upscaleRatio);
  }

  private static final class Execution extends ParameterlessExecution {
    private static final long serialVersionUID = 1;

    private final int ratio;

    Execution(ComputationGraph graph, String name, int index, DataType dataType, int ratio) {
      super(graph, name, index, dataType);
      this.ratio = ratio;
    }

    @Override
    INDArray forward(INDArray[] in, LayerWorkspaceMgr workspaces) {
      long[] shape = PixelShuffle.shuffledShape(in[0].shape(), ratio);
      INDArray out =
          workspaces.createUninitialized(ArrayType.ACTIVATIONS, in[0].dataType(), shape, 'c');
      PixelShuffle.shuffle(in[0], out, ratio);
      return out;
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, in[0].dataType(), in[0].shape(), 'c');
      PixelShuffle.unshuffle(gradient, out, ratio);
      return new INDArray[] {out};
    }
  }
}
