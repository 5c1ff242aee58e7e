package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.OuterMomentum;
import org.junit.jupiter.api.Test;

class RoundLengthTest {
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

  @Test
  void severalWorkersTakeTheirFrequencyEach() {
    RoundLength length = new RoundLength(3, 64, OuterMomentum.OFF, NO_LIMIT);
    length.observe(10, 1000, 1000);

    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(192);
    assertThat(length.next(100, NO_LIMIT)).isEqualTo(100);
  }

  @Test
  void oneWorkerTakesTwentySeconds() {
    RoundLength length = new RoundLength(1, 64, OuterMomentum.OFF, NO_LIMIT);
    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(2);

    length.observe(2, 1.0, 0.9);
    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(40);
    assertThat(length.next(7, NO_LIMIT)).isEqualTo(7);
  }

  @Test
  void aRoundOfOneWorkerIsLongEnoughForWhatItCosts() {
    RoundLength length = new RoundLength(1, 64, OuterMomentum.OFF, NO_LIMIT);
    // A second of 21 is cost; a fiftieth it may be.
    length.observe(42, 21, 20);
    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(100);

    length.observe(42, 21, 10);
    assertThat(length.next(1000, NO_LIMIT)).as("two minutes").isEqualTo(240);
    assertThat(length.next(1000, 10)).as("ten seconds left").isEqualTo(20);
  }

  @Test
  void aRoundOfOneWorkerIsFarBelowTheTimeLimitOfItsTask() {
    RoundLength length = new RoundLength(1, 64, OuterMomentum.OFF, 40);
    length.observe(42, 21, 10);

    assertThat(length.next(1000, NO_LIMIT)).as("a quarter of 40 seconds").isEqualTo(20);
  }

  @Test
  void withAnOuterMomentumOneWorkerTakesItsFrequencyToo() {
    RoundLength length = new RoundLength(1, 64, new OuterMomentum(0.5, 1), NO_LIMIT);
    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(64);

    length.observe(64, 0.1, 0.1);
    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(64);
  }

  @Test
  void noRoundGoesFarBeyondTheMinutesLeft() {
    RoundLength length = new RoundLength(2, 64, OuterMomentum.OFF, NO_LIMIT);
    length.observe(4, 2.0, 1.0);

    assertThat(length.next(1000, 3.2)).isEqualTo(7);
    assertThat(length.next(1000, 0.01)).isEqualTo(1);
  }

  @Test
  void slowStepsStillMakeProgress() {
    RoundLength length = new RoundLength(1, 64, OuterMomentum.OFF, NO_LIMIT);
    length.observe(1, 3600, 3600);

    assertThat(length.next(1000, NO_LIMIT)).isEqualTo(1);
  }
}
