package dev.fovea.model.graph;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Changes the layout of pictures from NCHW [B, C, H, W] to NHWC [B, H, W, C] and nothing else.
 *
 * <p>The trunk of the network works in NHWC, which oneDNN's convolutions take as it is. An engine
 * with a layout of its own may treat this vertex as the identity.
 */
public final class ChannelsLastVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

  @Override
  InputTypeConvolutional outputOf(InputTypeConvolutional... in) {
    return (InputTypeConvolutional)
        InputType.convolutional(
            in[0].getHeight(), in[0].getWidth(), in[0].getChannels(), CNN2DFormat.NHWC);
  }

  @Override
  ParameterlessExecution execution(
      ComputationGraph graph, String name, int index, DataType dataType) {
    return new Execution(graph, name, index, dataType);
  }

  private static final class Execution extends ParameterlessExecution {
    private static final long serialVersionUID = 1;

    Execution(ComputationGraph graph, String name, int index, DataType dataType) {
      super(graph, name, index, dataType);
    }

    @Override
    INDArray forward(INDArray[] in, LayerWorkspaceMgr workspaces) {
      return copy(in[0].permute(0, 2, 3, 1), ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      return new INDArray[] {
        copy(gradient.permute(0, 3, 1, 2), ArrayType.ACTIVATION_GRAD, workspaces)
      };
    }

    private static INDArray copy(INDArray view, ArrayType type, LayerWorkspaceMgr workspaces) {
      return workspaces.createUninitialized(type, view.dataType(), view.shape(), 'c').assign(view);
    }
  }
}
