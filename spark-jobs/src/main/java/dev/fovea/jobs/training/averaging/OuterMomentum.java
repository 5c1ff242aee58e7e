package dev.fovea.jobs.training.averaging;

import java.io.Serializable;

/**
 * An optimiser step over whole rounds, of local SGD with a slow momentum (Wang et al., "SlowMo",
 * ICLR 2020): the averaged difference that a round makes is taken for a gradient. With a round's
 * start x, its mean m, the mean learning rate r of its steps, and the velocity v, which begins at
 * zero:
 *
 * <pre>
 * v = momentum v + (x - m) / r
 * x = x - learningRate r v
 * </pre>
 *
 * <p>So what rounds of a larger rate have left in v counts by the rate of today, and a run whose
 * rate falls comes to rest.
 *
 * <p>It moves the first network's parameters; optimiser states, and a critic, are plain means.
 *
 * @param momentum 0 to below 1
 * @param learningRate above 0
 */
public record OuterMomentum(double momentum, double learningRate) implements Serializable {
  /** Plain averaging, and not a bit besides. */
  public static final OuterMomentum OFF = new OuterMomentum(0, 1);

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public OuterMomentum {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "outer momentum %s is not 0 to below 1".formatted(momentum));
    }
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "outer learning rate %s is not above 0".formatted(learningRate));
    }
  }
}
