package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.graph.BatchStatistics.Moments;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Executes a {@link BatchNorm}. */
final class BatchNormLayer extends CriticExecution<BatchNorm> {
  private static final long serialVersionUID = 1;

  /** Of the last training-mode pass, for the backward pass. */
  private transient Moments moments;

  BatchNormLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = contiguous(input);
    Moments used =
        training
            ? BatchStatistics.of(x, layerConf().getLayerName())
            : new Moments(
                read(BatchNorm.RUNNING_MEAN), read(BatchNorm.RUNNING_VARIANCE), x.length());
    if (training) {
      moments = used;
      move(BatchNorm.RUNNING_MEAN, used.mean(), 1);
      move(BatchNorm.RUNNING_VARIANCE, used.variance(), used.unbiased());
    }
    INDArray y =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, x.dataType(), x.shape(), 'c');
    BatchStatistics.normalise(x, used, read(CriticLayer.WEIGHT), read(CriticLayer.BIAS), y);
    return y;
  }

  @Override
  INDArray backward(INDArray gradient, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, gradient.dataType(), gradient.shape(), 'c');
    BatchStatistics.backward(
        contiguous(input),
        moments,
        read(CriticLayer.WEIGHT),
        contiguous(gradient),
        inputGradient,
        gradientViews.get(CriticLayer.WEIGHT),
        gradientViews.get(CriticLayer.BIAS));
    return inputGradient;
  }

  @Override
  public void clear() {
    super.clear();
    moments = null;
  }

  private void move(String statistic, double[] towards, double factor) {
    double[] running = read(statistic);
    for (int c = 0; c < running.length; c++) {
      running[c] += BatchNorm.MOMENTUM * (factor * towards[c] - running[c]);
    }
    HostCopy.write(running, running.length, getParam(statistic), 0);
  }

  private double[] read(String parameter) {
    double[] values = new double[(int) layerConf().getNOut()];
    HostCopy.read(getParam(parameter), 0, values.length, values);
    return values;
  }

  private static INDArray contiguous(INDArray array) {
    return HostCopy.contiguous(array) ? array : array.dup('c');
  }
}
