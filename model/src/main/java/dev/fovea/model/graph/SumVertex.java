package dev.fovea.model.graph;

import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sum of two arrays of one shape. DL4J's {@code ElementWiseVertex} does the same with twice the
 * memory traffic.
 */
public final class SumVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  @Override
  InputTypeConvolutional outputOf(InputTypeConvolutional... in) {
    return in[0];
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
      if (!in[0].equalShapes(in[1])) {
        throw new IllegalArgumentException(
            "vertex %s adds %s and %s, which differ in shape"
                .formatted(getVertexName(), in[0].shapeInfoToString(), in[1].shapeInfoToString()));
      }
      INDArray sum =
          workspaces.createUninitialized(
              ArrayType.ACTIVATIONS, in[0].dataType(), in[0].shape(), 'c');
      return in[0].addi(in[1], sum);
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      return new INDArray[] {
        workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient, 'c'),
        workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient, 'c')
      };
    }
  }
}
