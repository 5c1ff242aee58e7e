package dev.fovea.model.config;

/**
 * Settings of Adafactor as {@code torch.optim.Adafactor} has them (Shazeer and Stern, 2018).
 *
 * @param learningRate upper bound of the relative step size, above 0
 * @param beta2Decay exponent of the decay of the squared-gradient averages, below 0
 * @param eps2 floor of the parameter scale, 0 or more
 * @param clipThreshold d, upper bound of the root mean square of an update, 1 or more
 * @param weightDecay decoupled weight decay, 0 or more
 */
public record AdafactorConfig(
    double learningRate, double beta2Decay, double eps2, double clipThreshold, double weightDecay) {

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public AdafactorConfig {
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException("learning rate %s is not above 0".formatted(learningRate));
    }
    if (!(beta2Decay < 0)) {
      throw new IllegalArgumentException("RMS decay %s is not below 0".formatted(beta2Decay));
    }
    if (!(eps2 >= 0)) {
      throw new IllegalArgumentException("eps2 %s is not 0 or more".formatted(eps2));
    }
    if (!(clipThreshold >= 1)) {
      throw new IllegalArgumentException(
          "clip threshold %s is not 1 or more".formatted(clipThreshold));
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weight decay %s is not 0 or more".formatted(weightDecay));
    }
  }

  /** PyTorch's defaults with the given learning rate and beta2 decay. */
  public static AdafactorConfig of(double learningRate, double beta2Decay) {
    return new AdafactorConfig(learningRate, beta2Decay, 1e-3, 1.0, 0.0);
  }
}
