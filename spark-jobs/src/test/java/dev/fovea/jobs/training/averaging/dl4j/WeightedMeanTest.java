package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {
  /** So that a worker alone may cut its steps into rounds as it likes. */
  @Property(tries = 200)
  void ofOneVectorOrOfEqualOnesIsThatVectorToTheBit(
      @ForAll @Size(min = 1, max = 40) float[] values,
      @ForAll @IntRange(min = 1, max = 5) int copies,
      @ForAll @IntRange(min = 1, max = 1 << 26) int weight) {
    WeightedMean mean = new WeightedMean(values.length);
    for (int i = 0; i < copies; i++) {
      mean.add(values, weight + 3L * i);
    }

    assertBits(mean, values);
  }

  @Test
  void zerosKeepTheirSignAndTheSmallestNumbersTheirValue() {
    float[] values = {
      -0.0f, 0.0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, 1e-42f
    };
    WeightedMean mean = new WeightedMean(values.length);
    mean.add(values, 7);
    assertBits(mean, values);

    mean.add(values, 9);
    assertBits(mean, values);
  }

  private static void assertBits(WeightedMean mean, float[] values) {
    float[] found = mean.values();
    assertThat(found).hasSameSizeAs(values);
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }
}
