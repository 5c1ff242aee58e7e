package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void whatIsLeftIsCountedInEpochsWhateverTheirLength() {
    Budget budget = new Budget(4, OptionalLong.empty(), OptionalDouble.empty());

    assertThat(budget.plannedSteps(2, 20, 10)).isEqualTo(40);
    assertThat(budget.plannedSteps(2, 20, 3)).isEqualTo(26);
    assertThat(budget.plannedSteps(6, 20, 3)).isEqualTo(20);
  }

  @Test
  void firstLimitReachedEndsTheRun() {
    Budget budget = new Budget(10, OptionalLong.of(25), OptionalDouble.of(2));

    assertThat(budget.plannedSteps(5)).isEqualTo(25);
    assertThat(budget.plannedSteps(2)).isEqualTo(20);
    assertThat(budget.exhausted(24, 25, 1.9)).isFalse();
    assertThat(budget.exhausted(25, 25, 0)).isTrue();
    assertThat(budget.exhausted(1, 25, 2)).isTrue();
  }

  @Test
  void progressFollowsWhatRunsOutFirst() {
    Budget budget = new Budget(10, OptionalLong.empty(), OptionalDouble.of(2));

    assertThat(budget.progress(10, 100, 0.1)).isEqualTo(0.1);
    assertThat(budget.progress(10, 100, 1)).isEqualTo(0.5);
    assertThat(budget.progress(500, 100, 1)).isEqualTo(1);
  }

  @Test
  void cosineFallsFromTheRateToAHundredthOfIt() {
    assertThat(LearningRateSchedule.COSINE.rate(0.01, 0)).isEqualTo(0.01);
    assertThat(LearningRateSchedule.COSINE.rate(0.01, 0.5)).isCloseTo(0.00505, within(1e-12));
    assertThat(LearningRateSchedule.COSINE.rate(0.01, 1)).isCloseTo(0.0001, within(1e-12));
    assertThat(LearningRateSchedule.CONSTANT.rate(0.01, 0.7)).isEqualTo(0.01);
  }

  @Test
  void limitsBelowOneAreNamed() {
    assertThatThrownBy(() -> new Budget(0, OptionalLong.empty(), OptionalDouble.empty()))
        .hasMessage("number of epochs 0 is not 1 or more");
    assertThatThrownBy(() -> new Budget(1, OptionalLong.of(0), OptionalDouble.empty()))
        .hasMessage("maximal steps 0 are not 1 or more");
    assertThatThrownBy(() -> new Budget(1, OptionalLong.empty(), OptionalDouble.of(-1)))
        .hasMessage("maximal minutes -1.0 are not above 0");
  }
}
