package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * NHWC [B, H, W, C] to [B, ceil(H/2), ceil(W/2), C] as PyTorch's {@code MaxPool2d(3, stride=2,
 * padding=1)}; the gradient goes to the first of equal pixels.
 */
public final class MaxPoolVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

  @Override
  InputTypeConvolutional outputOf(InputTypeConvolutional... in) {
    return (InputTypeConvolutional)
        InputType.convolutional(
            MaxPool.resultSize(in[0].getHeight()),
            MaxPool.resultSize(in[0].getWidth()),
            in[0].getChannels(),
            CNN2DFormat.NHWC);
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
      INDArray x = contiguous(in[0]);
      long[] shape = {
        x.size(0), MaxPool.resultSize(x.size(1)), MaxPool.resultSize(x.size(2)), x.size(3)
      };
      INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, x.dataType(), shape, 'c');
      MaxPool.forward(x, y);
      return y;
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, in[0].dataType(), in[0].shape(), 'c');
      MaxPool.backward(contiguous(in[0]), contiguous(gradient), out);
      return new INDArray[] {out};
    }

    private static INDArray contiguous(INDArray array) {
      return HostCopy.contiguous(array) ? array : array.dup('c');
    }
  }
}
