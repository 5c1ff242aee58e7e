package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.evaluation.measure.Bootstrap.Estimate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void theIntervalIsTheOneOfTheNormalDistributionForManyNormalValues() {
    Random random = new Random(5);
    double[] values = random.doubles(2_000).map(d -> 0.3 + 2 * random.nextGaussian()).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length);
    double half = 1.96 * deviation / Math.sqrt(values.length);

    Estimate estimate = Bootstrap.of(0).mean(values);

    assertThat(estimate.mean()).isCloseTo(mean, within(1e-12));
    assertThat(estimate.ci95().low()).isCloseTo(mean - half, within(0.05 * half));
    assertThat(estimate.ci95().high()).isCloseTo(mean + half, within(0.05 * half));
  }

  @Test
  void theIntervalHoldsTheTrueMeanNinetyFiveTimesInAHundred() {
    Random random = new Random(11);
    int held = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] values = new double[40];
      Arrays.setAll(values, i -> 1 + random.nextGaussian());
      Interval interval = new Bootstrap(trial, 500).mean(values).ci95();
      held += interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
    }
    assertThat(held / 400.0).isBetween(0.90, 0.98);
  }

  @Property(tries = 100)
  void theIntervalLiesWithinTheValues(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -9, max = 9) Double> drawn) {
    double[] values = drawn.stream().mapToDouble(Double::doubleValue).toArray();
    Estimate estimate = new Bootstrap(3, 200).mean(values);

    assertThat(estimate.ci95().low()).isGreaterThanOrEqualTo(Collections.min(drawn) - 1e-12);
    assertThat(estimate.ci95().high()).isLessThanOrEqualTo(Collections.max(drawn) + 1e-12);
  }

  @Test
  void equalSeedsGiveEqualIntervalsAndOthersDoNot() {
    double[] values = {0.1, 0.5, -0.2, 0.9, 0.4};

    assertThat(Bootstrap.of(0).mean(values)).isEqualTo(Bootstrap.of(0).mean(values));
    assertThat(new Bootstrap(1, 200).mean(values)).isNotEqualTo(new Bootstrap(0, 200).mean(values));
  }

  @Test
  void nothingHasNoMean() {
    assertThatThrownBy(() -> Bootstrap.of(0).mean(new double[0]))
        .hasMessage("there are no values to take the mean of");
  }
}
