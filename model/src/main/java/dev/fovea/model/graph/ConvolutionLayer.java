package dev.fovea.model.graph;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Executes a {@link Convolution}. */
final class ConvolutionLayer extends CriticExecution<Convolution> {
  private static final long serialVersionUID = 1;

  ConvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
    int stride = layerConf().stride();
    long[] shape = {
      input.size(0),
      NativeConvolution.resultSize(input.size(1), stride),
      NativeConvolution.resultSize(input.size(2), stride),
      layerConf().getNOut()
    };
    INDArray y =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c');
    NativeConvolution.forward(
        input, getParam(CriticLayer.WEIGHT), params.get(CriticLayer.BIAS), stride, y);
    return y;
  }

  @Override
  INDArray backward(INDArray gradient, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, gradient.dataType(), input.shape(), 'c');
    NativeConvolution.backward(
        input,
        getParam(CriticLayer.WEIGHT),
        params.get(CriticLayer.BIAS),
        layerConf().stride(),
        gradient,
        inputGradient,
        gradientViews.get(CriticLayer.WEIGHT),
        gradientViews.get(CriticLayer.BIAS));
    return inputGradient;
  }
}
