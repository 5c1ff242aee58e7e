package dev.fovea.model.graph;

import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SiLU} where it follows no layer. */
public final class SiLUVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1;

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

    private transient INDArray activated;
    private transient INDArray onePlusTanh;

    Execution(ComputationGraph graph, String name, int index, DataType dataType) {
      super(graph, name, index, dataType);
    }

    @Override
    INDArray forward(INDArray[] in, LayerWorkspaceMgr workspaces) {
      activated = workspaces.dup(ArrayType.ACTIVATIONS, in[0], 'c');
      onePlusTanh =
          workspaces.createUninitialized(
              ArrayType.ACTIVATIONS, in[0].dataType(), in[0].shape(), 'c');
      return SiLU.activate(activated, onePlusTanh);
    }

    @Override
    INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, in[0].dataType(), in[0].shape(), 'c');
      return new INDArray[] {SiLU.backpropagate(activated, onePlusTanh, gradient, out)};
    }
  }
}
