package dev.fovea.model.graph;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a {@link ParameterlessVertex} does in a graph, reduced to two functions. */
@SuppressWarnings("overrides") // DL4J's setInputs is declared with and without varargs
abstract class ParameterlessExecution extends BaseGraphVertex {
  private static final long serialVersionUID = 1;

  ParameterlessExecution(ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, null, null, dataType);
  }

  @Override
  public final void setInputs(INDArray... inputs) {
    this.inputs = inputs;
  }

  /** The result, allocated as {@code ACTIVATIONS}. */
  abstract INDArray forward(INDArray[] in, LayerWorkspaceMgr workspaces);

  /**
   * The gradients of the inputs given that of the result, allocated as {@code ACTIVATION_GRAD}.
   * DL4J may add to them in place.
   */
  abstract INDArray[] backward(INDArray[] in, INDArray gradient, LayerWorkspaceMgr workspaces);

  @Override
  public final INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException("vertex %s has no input".formatted(getVertexName()));
    }
    return forward(inputs, workspaces);
  }

  @Override
  public final Pair<Gradient, INDArray[]> doBackward(
      boolean truncated, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          "vertex %s has no input or no gradient".formatted(getVertexName()));
    }
    return new Pair<>(null, backward(inputs, epsilon, workspaces));
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    if (view != null) {
      throw new IllegalStateException("vertex %s has no parameters".formatted(getVertexName()));
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    return masks == null || masks.length == 0 ? null : new Pair<>(masks[0], state);
  }

  @Override
  public String toString() {
    return getVertexName();
  }
}
