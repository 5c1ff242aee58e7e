package dev.fovea.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WeightedMeanTest {
  /** So that a worker alone may cut its steps into rounds as it likes. */
  @Property(tries = 200)
  void ofOneVectorOrOfEqualOnesIsThatVectorToTheBit(
      @ForAll @Size(min = 1, max = 40) float[] values,
      @ForAll @IntRange(min = 1, max = 5) int copies,
      @ForAll @IntRange(min = 1, max = 1 << 26) int weight) {
    INDArray vector = Nd4j.createFromArray(values).reshape('c', 1, values.length);
    long[] weights = new long[copies];
    for (int i = 0; i < copies; i++) {
      weights[i] = weight + 3L * i;
    }

    assertBits(WeightedMean.of(Collections.nCopies(copies, vector), weights), values);
  }

  @Test
  void zerosKeepTheirSignAndTheSmallestNumbersTheirValue() {
    float[] values = {
      -0.0f, 0.0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, 1e-42f
    };
    INDArray vector = Nd4j.createFromArray(values).reshape('c', 1, values.length);

    assertBits(WeightedMean.of(List.of(vector), new long[] {7}), values);
    assertBits(WeightedMean.of(List.of(vector, vector), new long[] {7, 9}), values);
  }

  private static void assertBits(INDArray mean, float[] values) {
    float[] found = mean.data().asFloat();
    assertThat(found).hasSameSizeAs(values);
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }
}
