package dev.fovea.model.engine;

import java.util.Optional;

/**
 * What one alternating step of stage 2 showed, as means over its samples.
 *
 * @param critic of the critic's step
 * @param upscaler of the upscaler's step that followed; empty while only the critic learns
 */
public record AdversarialFigures(OfCritic critic, Optional<OfUpscaler> upscaler) {
  /**
   * Figures of the critic before it stepped.
   *
   * @param loss binary cross-entropy over real and fake pictures
   * @param gradientNorm 2-norm of its whole gradient before clipping
   * @param accuracyOnReal share of real pictures with a logit above 0, 0 to 1
   * @param accuracyOnFake share of the upscaler's pictures with a logit below 0, 0 to 1
   */
  public record OfCritic(
      double loss, double gradientNorm, double accuracyOnReal, double accuracyOnFake) {}

  /**
   * Figures of the upscaler before it stepped.
   *
   * @param reconstruction MSE or L1
   * @param totalVariation the TV of the prediction, before its penalty is applied
   * @param adversarial cross-entropy of its pictures against "real", by the critic that had just
   *     stepped; with {@link dev.fovea.model.config.AdversarialTerm#OFF} by the critic before its
   *     step
   * @param gradientNorm 2-norm of its whole gradient before clipping
   */
  public record OfUpscaler(
      double reconstruction, double totalVariation, double adversarial, double gradientNorm) {}

  /** Whether all figures are finite numbers. */
  public boolean finite() {
    return Double.isFinite(critic.loss)
        && Double.isFinite(critic.gradientNorm)
        && upscaler
            .map(
                figures ->
                    Double.isFinite(figures.reconstruction)
                        && Double.isFinite(figures.totalVariation)
                        && Double.isFinite(figures.adversarial)
                        && Double.isFinite(figures.gradientNorm))
            .orElse(true);
  }
}
