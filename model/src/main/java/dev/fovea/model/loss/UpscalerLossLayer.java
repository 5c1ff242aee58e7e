package dev.fovea.model.loss;

import dev.fovea.model.arrays.HostCopy;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Executes an {@link UpscalerLoss}. After {@code computeGradientAndScore} of its graph, {@link
 * #figures()} holds the parts of the score.
 */
public final class UpscalerLossLayer extends AbstractLayer<UpscalerLoss> implements IOutputLayer {
  private static final long serialVersionUID = 1;

  private transient INDArray labels;
  private transient boolean measured;
  private transient LossFigures figures;

  UpscalerLossLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /**
   * The parts of the loss that was computed last.
   *
   * @throws IllegalStateException if none was
   */
  public LossFigures figures() {
    if (figures == null) {
      throw new IllegalStateException("no loss was computed yet");
    }
    return figures;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray out = workspaces.dup(ArrayType.ACTIVATIONS, input, 'c');
    return Clamp.forward(out);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray gradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    figures = PlaneLoss.measure(layerConf().config(), contiguous(input), targets(), gradient);
    measured = true;
    return new Pair<>(new DefaultGradient(), gradient);
  }

  /** The loss; the figures of the backward pass are used again if there was one. */
  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    if (!measured) {
      assertInputSet(false);
      figures = PlaneLoss.measure(layerConf().config(), contiguous(input), targets());
    }
    return score() + regularization;
  }

  @Override
  public double score() {
    return figures().reconstruction()
        + layerConf().config().tvPenalty() * figures().totalVariation();
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    super.setInput(input, workspaces);
    measured = false;
  }

  @Override
  public void clear() {
    super.clear();
    labels = null;
    measured = false;
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public void setLabels(INDArray labels) {
    this.labels = labels;
  }

  @Override
  public INDArray getLabels() {
    return labels;
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
  public void clearNoiseWeightParams() {
    // has no parameters
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int batchSize) {
    return null;
  }

  private INDArray targets() {
    if (labels == null) {
      throw new IllegalStateException("no target was set to measure the prediction against");
    }
    if (!labels.equalShapes(input)) {
      throw new IllegalArgumentException(
          "target %s and prediction %s differ in shape"
              .formatted(Arrays.toString(labels.shape()), Arrays.toString(input.shape())));
    }
    return contiguous(labels);
  }

  private static INDArray contiguous(INDArray array) {
    return HostCopy.contiguous(array) ? array : array.dup('c');
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    INDArray predictions = contiguous(input);
    INDArray targets = targets();
    INDArray scores =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, input.dataType(), new long[] {input.size(0), 1}, 'c');
    for (long b = 0; b < input.size(0); b++) {
      INDArrayIndex example = NDArrayIndex.interval(b, b + 1);
      LossFigures each =
          PlaneLoss.measure(layerConf().config(), predictions.get(example), targets.get(example));
      double penalty = layerConf().config().tvPenalty() * each.totalVariation();
      scores.putScalar(b, 0, each.reconstruction() + penalty + regularization);
    }
    return scores;
  }

  // What DL4J's classifiers have and an upscaler cannot.

  @Override
  public double f1Score(DataSet data) {
    throw notAClassifier();
  }

  @Override
  public double f1Score(INDArray examples, INDArray labels) {
    throw notAClassifier();
  }

  @Override
  @SuppressWarnings({"deprecation", "InlineMeSuggester"})
  public int numLabels() {
    throw notAClassifier();
  }

  @Override
  public void fit(DataSetIterator iterator) {
    throw notAClassifier();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw notAClassifier();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw notAClassifier();
  }

  @Override
  public void fit(INDArray examples, INDArray labels) {
    throw notAClassifier();
  }

  @Override
  public void fit(DataSet data) {
    throw notAClassifier();
  }

  @Override
  public void fit(INDArray examples, int[] labels) {
    throw notAClassifier();
  }

  private static UnsupportedOperationException notAClassifier() {
    return new UnsupportedOperationException("an upscaler's output layer does not classify");
  }
}
