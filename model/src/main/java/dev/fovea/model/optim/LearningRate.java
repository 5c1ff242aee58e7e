package dev.fovea.model.optim;

import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;

/** Sets the learning rate of a network's updaters. */
public final class LearningRate {
  private LearningRate() {}

  /**
   * Sets the learning rate of every Adafactor of a network for its next updates. Cheap: unlike
   * DL4J's {@code NetworkUtils.setLearningRate} it rebuilds no updater and touches no state.
   *
   * @param updater what {@code graph.getUpdater()} answers
   * @param learningRate 0 or more
   */
  public static void set(BaseMultiLayerUpdater<?> updater, double learningRate) {
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      IUpdater config = block.getGradientUpdater().getConfig();
      if (config.hasLearningRate()) {
        config.setLrAndSchedule(learningRate, null);
      }
    }
  }
}
