package dev.fovea.jobs.training.averaging;

import java.io.Serializable;

/**
 * What an optimiser step does, so that a task needs to know nothing of schedules and epochs.
 *
 * @param phase what it trains
 * @param learningRate the upscaler's, above 0; not used where the upscaler stands still
 * @param criticLearningRate the critic's, above 0; 0 where there is none
 */
public record Instruction(Phase phase, double learningRate, double criticLearningRate)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Instruction {
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException("learning rate %s is not above 0".formatted(learningRate));
    }
    if (phase == Phase.RECONSTRUCTION
        ? criticLearningRate != 0
        : !(criticLearningRate > 0) || Double.isInfinite(criticLearningRate)) {
      throw new IllegalArgumentException(
          "the critic's learning rate %s does not fit the phase %s"
              .formatted(criticLearningRate, phase.id()));
    }
  }

  /** A step of the upscaler alone. */
  public static Instruction reconstruction(double learningRate) {
    return new Instruction(Phase.RECONSTRUCTION, learningRate, 0);
  }
}
