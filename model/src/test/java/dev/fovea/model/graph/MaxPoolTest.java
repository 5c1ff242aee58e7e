package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MaxPoolTest {
  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7", "1, 1", "1, 4", "2, 3"})
  void takesTheLargestOfThreeByThreeAroundEveryOtherPixel(int height, int width) {
    INDArray x = negative(2, height, width, 3);
    INDArray y = pooled(x);
    assertThat(y.shape()).containsExactly(2, (height + 1) / 2, (width + 1) / 2, 3);
    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < y.size(1); i++) {
        for (int j = 0; j < y.size(2); j++) {
          for (int c = 0; c < 3; c++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int row = Math.max(0, 2 * i - 1); row <= Math.min(height - 1, 2 * i + 1); row++) {
              for (int k = Math.max(0, 2 * j - 1); k <= Math.min(width - 1, 2 * j + 1); k++) {
                largest = Math.max(largest, x.getDouble(b, row, k, c));
              }
            }
            assertThat(y.getDouble(b, i, j, c)).isEqualTo(largest);
          }
        }
      }
    }
  }

  @Test
  void theGradientGoesToTheFirstOfEqualPixels() {
    INDArray x = Nd4j.ones(DataType.FLOAT, 1, 4, 4, 1);
    INDArray gradient = Nd4j.createFromArray(1f, 2f, 4f, 8f).reshape('c', 1, 2, 2, 1);
    INDArray out = x.ulike();
    MaxPool.backward(x, gradient, out);
    // Windows start at (0, 0), (0, 1), (1, 0) and (1, 1).
    assertThat(out.data().asFloat())
        .containsExactly(1, 2, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void aPixelThatWinsTwiceGetsBothGradients() {
    INDArray x = Nd4j.zeros(DataType.FLOAT, 1, 4, 4, 1);
    x.putScalar(new int[] {0, 1, 1, 0}, 5);
    INDArray out = x.ulike();
    MaxPool.backward(x, Nd4j.ones(DataType.FLOAT, 1, 2, 2, 1), out);
    assertThat(out.getDouble(0, 1, 1, 0)).isEqualTo(4);
    assertThat(out.sumNumber().doubleValue()).isEqualTo(4);
  }

  @Test
  void aNanIsTheLargest() {
    INDArray x = negative(1, 4, 4, 1);
    x.putScalar(new int[] {0, 2, 2, 0}, Float.NaN);
    assertThat(Double.isNaN(pooled(x).getDouble(0, 1, 1, 0))).isTrue();
  }

  private static INDArray pooled(INDArray x) {
    INDArray y =
        Nd4j.createUninitialized(
            DataType.FLOAT,
            x.size(0),
            MaxPool.resultSize(x.size(1)),
            MaxPool.resultSize(x.size(2)),
            x.size(3));
    MaxPool.forward(x, y);
    return y;
  }

  /** All below 0, so that a padding with zeros would show. */
  private static INDArray negative(int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    Random random = new Random(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = -1 - random.nextFloat();
    }
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
