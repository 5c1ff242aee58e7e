package dev.fovea.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UpscalerLossTest {
  private static final LossConfig MSE = new LossConfig(ReconstructionLoss.MSE, 0);
  private static final LossConfig L1 = new LossConfig(ReconstructionLoss.L1, 0);

  @Test
  void gradientPassesTheClampFromZeroToOneInclusive() {
    INDArray raw = row(-0.1, 0, 0.5, 1, 1.1);
    INDArray gradient = raw.ulike();
    PlaneLoss.measure(MSE, raw, row(0.5, 0.5, 0.25, 0.5, 0.5), gradient);
    assertThat(gradient.data().asDouble())
        .containsExactly(new double[] {0, -0.2, 0.1, 0.2, 0}, offset(1e-12));
  }

  @Test
  void reconstructionIsMeasuredAfterTheClamp() {
    INDArray raw = row(-3, 0.5, 4);
    INDArray target = row(0, 0.25, 0.5);
    assertThat(PlaneLoss.measure(MSE, raw, target).reconstruction())
        .isCloseTo((0.0625 + 0.25) / 3, offset(1e-12));
    assertThat(PlaneLoss.measure(L1, raw, target).reconstruction())
        .isCloseTo((0.25 + 0.5) / 3, offset(1e-12));
  }

  @Test
  void gradientOfTheAbsoluteErrorIsZeroWhereItIsNone() {
    INDArray raw = row(0.25, 0.5, 0.75);
    INDArray gradient = raw.ulike();
    PlaneLoss.measure(L1, raw, row(0.5, 0.5, 0.5), gradient);
    assertThat(gradient.data().asDouble())
        .containsExactly(new double[] {-1.0 / 3, 0, 1.0 / 3}, offset(1e-12));
  }

  @Test
  void totalVariationIsTheMeanSquareOfBothDifferences() {
    INDArray raw = Nd4j.createFromArray(0.0, 0.5, 1.0, 0.25, 0.25, 0.0).reshape('c', 1, 1, 2, 3);
    LossFigures figures = PlaneLoss.measure(new LossConfig(ReconstructionLoss.MSE, 1), raw, raw);
    double vertical = (0.0625 + 0.0625 + 1) / 3;
    double horizontal = (0.25 + 0.25 + 0 + 0.0625) / 4;
    assertThat(figures.reconstruction()).isZero();
    assertThat(figures.totalVariation()).isCloseTo(vertical + horizontal, offset(1e-12));
  }

  @Test
  void aSinglePixelHasNoVariation() {
    INDArray pixel = Nd4j.valueArrayOf(new long[] {1, 3, 1, 1}, 0.5, DataType.DOUBLE);
    INDArray gradient = pixel.ulike();
    LossFigures figures =
        PlaneLoss.measure(new LossConfig(ReconstructionLoss.MSE, 1), pixel, pixel, gradient);
    assertThat(figures).isEqualTo(new LossFigures(0, 0));
    assertThat(gradient.amaxNumber().doubleValue()).isZero();
  }

  @Test
  void scoreOfABatchIsTheMeanOfItsExamples() {
    INDArray prediction = Nd4j.rand(DataType.DOUBLE, 3, 3, 4, 5);
    UpscalerLossLayer layer = layer(new LossConfig(ReconstructionLoss.MSE, 0.5));
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    layer.setInput(prediction, none);
    layer.setLabels(Nd4j.rand(DataType.DOUBLE, 3, 3, 4, 5));
    double score = layer.computeScore(0, false, none);
    INDArray each = layer.computeScoreForExamples(0, none);
    assertThat(each.shape()).containsExactly(3, 1);
    assertThat(each.meanNumber().doubleValue()).isCloseTo(score, offset(1e-12));
    assertThat(layer.figures().reconstruction() + 0.5 * layer.figures().totalVariation())
        .isEqualTo(score);
  }

  @Test
  void aTargetOfAnotherShapeIsNamed() {
    UpscalerLossLayer layer = layer(MSE);
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    layer.setInput(Nd4j.rand(DataType.FLOAT, 1, 3, 4, 4), none);
    assertThatThrownBy(() -> layer.computeScore(0, true, none))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no target");
    layer.setLabels(Nd4j.rand(DataType.FLOAT, 1, 3, 4, 5));
    assertThatThrownBy(() -> layer.computeScore(0, true, none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target [1, 3, 4, 5] and prediction [1, 3, 4, 4]");
  }

  private static UpscalerLossLayer layer(LossConfig config) {
    NeuralNetConfiguration conf =
        new NeuralNetConfiguration.Builder().layer(new UpscalerLoss(config)).build();
    return new UpscalerLossLayer(conf, DataType.DOUBLE);
  }

  private static INDArray row(double... samples) {
    return Nd4j.createFromArray(samples).reshape('c', 1, 1, 1, samples.length);
  }
}
