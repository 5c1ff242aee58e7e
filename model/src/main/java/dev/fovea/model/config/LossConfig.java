package dev.fovea.model.config;

/**
 * The loss of stage 1: reconstruction + tvPenalty * TV, where TV is the mean squared vertical
 * difference plus the mean squared horizontal difference of the prediction.
 *
 * @param reconstruction the distance to the target
 * @param tvPenalty weight of the total variation, 0 to 1
 */
public record LossConfig(ReconstructionLoss reconstruction, double tvPenalty) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public LossConfig {
    if (reconstruction == null) {
      throw new IllegalArgumentException("reconstruction loss is missing");
    }
    if (!(tvPenalty >= 0 && tvPenalty <= 1)) {
      throw new IllegalArgumentException("TV penalty %s is not in 0 to 1".formatted(tvPenalty));
    }
  }
}
