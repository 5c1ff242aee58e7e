package dev.fovea.model.engine.torch;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Reconstruction + tvPenalty * TV of one mini-batch.
 *
 * @param reconstruction MSE or L1, a scalar on the device
 * @param totalVariation mean squared vertical plus mean squared horizontal difference of the
 *     prediction, a scalar on the device
 * @param loss what is to be minimised
 */
record Objective(Tensor reconstruction, Tensor totalVariation, Tensor loss) {
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  /**
   * Measures a prediction.
   *
   * @param prediction clamped, [B, 3, H, W]
   * @param target the same shape
   */
  static Objective of(LossConfig config, Tensor prediction, Tensor target) {
    Tensor reconstruction =
        config.reconstruction() == ReconstructionLoss.MSE
            ? torch.mse_loss(prediction, target)
            : torch.l1_loss(prediction, target);
    if (config.tvPenalty() == 0) {
      Tensor variation = Within.noGradient(() -> variation(prediction));
      return new Objective(reconstruction, variation, reconstruction);
    }
    Tensor variation = variation(prediction);
    Tensor loss = reconstruction.add(variation, new Scalar(config.tvPenalty()));
    return new Objective(reconstruction, variation, loss);
  }

  private static Tensor variation(Tensor prediction) {
    return meanSquaredDifference(prediction, HEIGHT).add(meanSquaredDifference(prediction, WIDTH));
  }

  /** Of neighbours along a dimension; 0 where there are none. */
  private static Tensor meanSquaredDifference(Tensor prediction, int dimension) {
    long length = prediction.size(dimension);
    if (length == 1) {
      return prediction.sum().mul(new Scalar(0.0));
    }
    return torch.mse_loss(
        prediction.narrow(dimension, 1, length - 1), prediction.narrow(dimension, 0, length - 1));
  }
}
