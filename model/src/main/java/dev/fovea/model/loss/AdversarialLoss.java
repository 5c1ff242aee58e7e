package dev.fovea.model.loss;

import dev.fovea.model.config.LossConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;

/** The upscaler's loss of stage 2: rec / detach(rec) + bce / detach(bce). */
public final class AdversarialLoss {
  /** What a divisor is at least. */
  public static final double LEAST_DIVISOR = 1e-12;

  private AdversarialLoss() {}

  /**
   * The first term, where rec is the loss of stage 1.
   *
   * @param unclamped the upscaler's result before it is clamped, [B, 3, H, W], contiguous
   * @param targets the same shape, contiguous
   * @param gradient overwritten with the gradient of {@code unclamped}
   * @return the parts of rec
   */
  public static LossFigures reconstruction(
      LossConfig config, INDArray unclamped, INDArray targets, INDArray gradient) {
    LossFigures figures = PlaneLoss.measure(config, unclamped, targets, gradient);
    double rec = figures.reconstruction() + config.tvPenalty() * figures.totalVariation();
    gradient.muli(1 / divisor(rec));
    return figures;
  }

  /**
   * Adds the second term's gradient to the first's.
   *
   * @param bce the cross-entropy against "real"
   * @param ofPrediction its gradient with respect to the clamped pictures, contiguous; overwritten
   * @param unclamped the pictures before they were clamped, contiguous
   * @param gradient of {@code unclamped}; changed in place
   */
  public static void addAdversarial(
      double bce, INDArray ofPrediction, INDArray unclamped, INDArray gradient) {
    Clamp.backward(unclamped, ofPrediction);
    Nd4j.exec(new Axpy(ofPrediction, gradient, gradient, 1 / divisor(bce)));
  }

  private static double divisor(double loss) {
    // Written so that a NaN stays one.
    return loss < LEAST_DIVISOR ? LEAST_DIVISOR : loss;
  }
}
