package dev.fovea.model.graph;

import dev.fovea.model.graph.CriticLayer.Parameter;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Executes a {@link CriticLayer}, its activation included. */
abstract class CriticExecution<L extends CriticLayer> extends BaseLayer<L> {
  private static final long serialVersionUID = 1;

  /** Of the last training-mode pass, for the backward pass. */
  private transient INDArray activated;

  private transient INDArray onePlusTanh;

  CriticExecution(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /** The result before the activation, allocated as {@code ACTIVATIONS}. */
  abstract INDArray forward(boolean training, LayerWorkspaceMgr workspaces);

  /**
   * Writes the parameters' gradients to their views, given that of the result before the
   * activation.
   *
   * @return the gradient of the input, allocated as {@code ACTIVATION_GRAD}
   */
  abstract INDArray backward(INDArray gradient, LayerWorkspaceMgr workspaces);

  @Override
  public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    layerConf().check(input.shape());
    INDArray y = forward(training, workspaces);
    INDArray spare = null;
    if (layerConf().getActivationFn() instanceof SiLU) {
      ArrayType kept = training ? ArrayType.ACTIVATIONS : ArrayType.FF_WORKING_MEM;
      spare = workspaces.createUninitialized(kept, y.dataType(), y.shape(), 'c');
      SiLU.activate(y, spare);
    }
    if (training) {
      activated = y;
      onePlusTanh = spare;
    }
    return y;
  }

  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (activated == null) {
      throw new IllegalStateException(
          "layer %s has made no training-mode pass to go back from"
              .formatted(layerConf().getLayerName()));
    }
    INDArray gradient = epsilon;
    if (onePlusTanh != null) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.BP_WORKING_MEM, epsilon.dataType(), activated.shape(), 'c');
      gradient = SiLU.backpropagate(activated, onePlusTanh, epsilon, out);
    }
    INDArray inputGradient = backward(gradient, workspaces);
    // Statistics have none.
    Gradient gradients = new DefaultGradient();
    for (Parameter parameter : layerConf().parameters()) {
      if (parameter.kind() == Parameter.Kind.TRAINED) {
        gradients.setGradientFor(parameter.name(), gradientViews.get(parameter.name()), 'c');
      }
    }
    return new Pair<>(gradients, inputGradient);
  }

  @Override
  public final Type type() {
    return Type.CONVOLUTIONAL;
  }

  @Override
  public final boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clear() {
    super.clear();
    activated = null;
    onePlusTanh = null;
  }
}
