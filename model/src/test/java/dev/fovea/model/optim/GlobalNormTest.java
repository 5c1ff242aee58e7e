package dev.fovea.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class GlobalNormTest {
  @Test
  void aClippedGradientFollowsPyTorchsFormula() {
    INDArray gradient = Nd4j.createFromArray(3f, 4f);
    assertThat(GlobalNorm.clip(gradient, 1)).isEqualTo(5);
    float coefficient = (float) (1 / (5 + 1e-6));
    assertThat(gradient.toFloatVector()).containsExactly(3 * coefficient, 4 * coefficient);
  }

  @Test
  void aShortGradientIsLeftAlone() {
    INDArray gradient = Nd4j.createFromArray(0.3f, 0.4f);
    GlobalNorm.clip(gradient, 1);
    assertThat(gradient.toFloatVector()).containsExactly(0.3f, 0.4f);
  }

  @Test
  void aLongGradientIsSummedInDoublePrecision() {
    long length = 20_000_001;
    INDArray gradient = Nd4j.valueArrayOf(new long[] {1, length}, 0.1, DataType.FLOAT);
    double expected = 0.1f * Math.sqrt((double) length);
    assertThat(GlobalNorm.of(gradient)).isCloseTo(expected, within(1e-6 * expected));
  }

  @Test
  void anInfiniteNormIsReported() {
    assertThat(GlobalNorm.clip(Nd4j.createFromArray(1f, Float.POSITIVE_INFINITY), 1))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(GlobalNorm.clip(Nd4j.createFromArray(1f, Float.NaN), 1)).isNaN();
  }

  @Test
  void aBoundOfZeroIsRefused() {
    assertThatThrownBy(() -> GlobalNorm.clip(Nd4j.createFromArray(1f), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.0");
  }

  @Property(tries = 50)
  void clippingNeverExceedsTheBoundAndNeverTurnsTheGradient(
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @DoubleRange(min = 0.01, max = 100) double max) {
    INDArray whole = Nd4j.randn(DataType.FLOAT, length + 5);
    INDArray gradient = whole.get(NDArrayIndex.interval(5, length + 5));
    INDArray before = gradient.dup();
    double norm = GlobalNorm.clip(gradient, max);
    assertThat(GlobalNorm.of(gradient)).isLessThanOrEqualTo(max * (1 + 1e-5));
    INDArray expected = before.mul(Math.min(1, max / (norm + 1e-6)));
    assertThat(gradient.distance2(expected)).isLessThanOrEqualTo(1e-6 * norm);
  }
}
