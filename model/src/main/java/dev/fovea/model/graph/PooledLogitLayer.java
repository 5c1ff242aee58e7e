package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Executes a {@link PooledLogit}, in double precision: its input is the critic's smallest. */
final class PooledLogitLayer extends CriticExecution<PooledLogit> {
  private static final long serialVersionUID = 1;

  /** [B][C], of the last pass. */
  private transient double[][] means;

  PooledLogitLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = HostCopy.contiguous(input) ? input : input.dup('c');
    int batch = (int) x.size(0);
    int channels = (int) x.size(3);
    int length = (int) (x.length() / batch);
    double[] weight = read(getParam(CriticLayer.WEIGHT));
    double bias = read(getParam(CriticLayer.BIAS))[0];
    means = new double[batch][channels];
    double[] picture = new double[length];
    double[] logits = new double[batch];
    for (int b = 0; b < batch; b++) {
      HostCopy.read(x, (long) b * length, length, picture);
      for (int i = 0; i < length; i += channels) {
        for (int c = 0; c < channels; c++) {
          means[b][c] += picture[i + c];
        }
      }
      double logit = 0;
      for (int c = 0; c < channels; c++) {
        means[b][c] /= (double) length / channels;
        logit += weight[c] * means[b][c];
      }
      logits[b] = logit + bias;
    }
    INDArray y =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, x.dataType(), new long[] {batch, 1}, 'c');
    HostCopy.write(logits, batch, y, 0);
    return y;
  }

  @Override
  INDArray backward(INDArray gradient, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, gradient.dataType(), input.shape(), 'c');
    int batch = (int) input.size(0);
    int channels = (int) input.size(3);
    int length = (int) (input.length() / batch);
    double[] weight = read(getParam(CriticLayer.WEIGHT));
    double[] ofLogits = read(gradient);
    double[] weightGradient = new double[channels];
    double[] biasGradient = new double[1];
    double[] picture = new double[length];
    for (int b = 0; b < batch; b++) {
      double share = ofLogits[b] * channels / length;
      for (int i = 0; i < length; i += channels) {
        for (int c = 0; c < channels; c++) {
          picture[i + c] = share * weight[c];
        }
      }
      HostCopy.write(picture, length, inputGradient, (long) b * length);
      for (int c = 0; c < channels; c++) {
        weightGradient[c] += ofLogits[b] * means[b][c];
      }
      biasGradient[0] += ofLogits[b];
    }
    HostCopy.write(weightGradient, channels, gradientViews.get(CriticLayer.WEIGHT), 0);
    HostCopy.write(biasGradient, 1, gradientViews.get(CriticLayer.BIAS), 0);
    return inputGradient;
  }

  @Override
  public void clear() {
    super.clear();
    means = null;
  }

  private static double[] read(INDArray array) {
    double[] values = new double[(int) array.length()];
    HostCopy.read(array, 0, values.length, values);
    return values;
  }
}
