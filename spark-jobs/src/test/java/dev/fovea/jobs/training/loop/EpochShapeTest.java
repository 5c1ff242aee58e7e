package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.PictureWeight;
import org.junit.jupiter.api.Test;

class EpochShapeTest {
  @Test
  void whatAnEpochIsForSeveralWorkersIsSaid() {
    EpochShape shape = shape(new EpochSettings(0, 2, 1, PictureWeight.UNIFORM), 8, 16, 1506);

    assertThat(shape.description(8))
        .isEqualTo(
            "global batch 16 of 8 workers; an epoch is 1,506 steps in 12 rounds, 189 one after"
                + " another, and 8 epochs are 1,512 one after another");
    assertThat(shape.warning()).isEmpty();
  }

  @Test
  void oneWorkerTakesAllStepsAndIsNotWarned() {
    EpochShape shape = shape(new EpochSettings(0, 16, 4, PictureWeight.UNIFORM), 1, 64, 50);

    assertThat(shape.description(400))
        .isEqualTo("global batch 64; an epoch is 50 steps, 400 epochs are 20,000");
    assertThat(shape.warning()).isEmpty();
  }

  @Test
  void tooFewRoundsAreWarnedOfWithWhatHelps() {
    EpochSettings shared =
        new EpochSettings(0, 16, 2, PictureWeight.UNIFORM, EpochSettings.ALL_WORKERS).among(8);

    assertThat(shape(shared, 8, 64, 1506).globalBatch()).isEqualTo(32);
    assertThat(shape(shared, 8, 64, 1506).warning())
        .contains(
            "an epoch has 3 rounds of averaging, and averaging needs 4 or more:"
                + " --averaging-frequency 47 has them");
    assertThat(shape(shared, 8, 1, 20).warning())
        .contains(
            "an epoch has 3 rounds of averaging, and averaging needs 4 or more: take fewer"
                + " workers, or share a batch by --global-batch-size");
  }

  private static EpochShape shape(EpochSettings epochs, int workers, int frequency, int steps) {
    return new EpochShape(epochs, workers, frequency, steps);
  }
}
