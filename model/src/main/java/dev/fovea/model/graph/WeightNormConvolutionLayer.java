package dev.fovea.model.graph;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Executes a {@link WeightNormConvolution}. */
final class WeightNormConvolutionLayer extends BaseLayer<WeightNormConvolution> {
  private static final long serialVersionUID = 1;

  /** Of the last training-mode pass, in the workspace of activations, for the backward pass. */
  private transient INDArray weights;

  private transient INDArray activated;
  private transient INDArray onePlusTanh;

  WeightNormConvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    checkInput();
    ArrayType kept = training ? ArrayType.ACTIVATIONS : ArrayType.FF_WORKING_MEM;
    boolean silu = layerConf().activation() == WeightNormConvolution.Activation.SILU;
    long[] shape = {input.size(0), input.size(1), input.size(2), layerConf().getNOut()};

    INDArray v = getParam(WeightNormParameters.DIRECTION);
    INDArray w = workspaces.createUninitialized(kept, v.dataType(), v.shape(), 'c');
    WeightNorm.fold(v, getParam(WeightNormParameters.GAIN), w);
    INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, v.dataType(), shape, 'c');
    NativeConvolution.forward(input, w, getParam(WeightNormParameters.BIAS), y);
    INDArray spare = null;
    if (silu) {
      spare = workspaces.createUninitialized(kept, v.dataType(), shape, 'c');
      SiLU.activate(y, spare);
    }
    if (training) {
      weights = w;
      activated = y;
      onePlusTanh = spare;
    }
    return y;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (weights == null) {
      throw new IllegalStateException(
          "layer %s has made no training-mode pass to go back from"
              .formatted(layerConf().getLayerName()));
    }
    INDArray gradient = epsilon;
    if (layerConf().activation() == WeightNormConvolution.Activation.SILU) {
      INDArray out =
          workspaces.createUninitialized(
              ArrayType.BP_WORKING_MEM, epsilon.dataType(), activated.shape(), 'c');
      gradient = SiLU.backpropagate(activated, onePlusTanh, epsilon, out);
    }
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, epsilon.dataType(), input.shape(), 'c');
    INDArray weightGradient =
        workspaces.createUninitialized(
            ArrayType.BP_WORKING_MEM, weights.dataType(), weights.shape(), 'c');
    NativeConvolution.backward(
        input,
        weights,
        getParam(WeightNormParameters.BIAS),
        gradient,
        inputGradient,
        weightGradient,
        gradientViews.get(WeightNormParameters.BIAS));
    WeightNorm.backward(
        getParam(WeightNormParameters.DIRECTION),
        getParam(WeightNormParameters.GAIN),
        weightGradient,
        gradientViews.get(WeightNormParameters.DIRECTION),
        gradientViews.get(WeightNormParameters.GAIN));

    Gradient gradients = new DefaultGradient();
    gradientViews.forEach((name, view) -> gradients.setGradientFor(name, view, 'c'));
    return new Pair<>(gradients, inputGradient);
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clear() {
    super.clear();
    weights = null;
    activated = null;
    onePlusTanh = null;
  }

  private void checkInput() {
    if (input.rank() != 4 || input.size(3) != layerConf().getNIn()) {
      throw new IllegalArgumentException(
          "layer %s takes NHWC [B, H, W, %d], not %s"
              .formatted(
                  layerConf().getLayerName(),
                  layerConf().getNIn(),
                  Arrays.toString(input.shape())));
    }
  }
}
