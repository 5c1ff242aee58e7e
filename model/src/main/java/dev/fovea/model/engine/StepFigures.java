package dev.fovea.model.engine;

/**
 * What one optimiser step of stage 1 showed, as means over its samples.
 *
 * @param reconstruction the reconstruction loss (MSE or L1)
 * @param totalVariation the TV of the prediction, before its penalty is applied
 * @param gradientNorm 2-norm of the whole gradient before clipping
 */
public record StepFigures(double reconstruction, double totalVariation, double gradientNorm) {
  /** Whether all figures are finite numbers. */
  public boolean finite() {
    return Double.isFinite(reconstruction)
        && Double.isFinite(totalVariation)
        && Double.isFinite(gradientNorm);
  }
}
