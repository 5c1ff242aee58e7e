package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SiLUTest {
  private static final double[] INPUTS = {
    -1e4, -1000, -100, -45, -20, -5, -1.5, -1, -0.1, 0, 1e-3, 0.5, 1, 3, 10, 44, 46, 90, 1000, 1e4
  };

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void isXTimesSigmoidEvenForExtremes(DataType type) {
    INDArray out = new SiLU().getActivation(inputs(type), true);
    for (int i = 0; i < INPUTS.length; i++) {
      double x = INPUTS[i];
      assertThat(out.getDouble(i)).as("SiLU(%s)", x).isCloseTo(x * sigmoid(x), tolerance(type, x));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void derivativeIsRightEvenForExtremes(DataType type) {
    INDArray gradient = Nd4j.valueArrayOf(new long[] {INPUTS.length}, 3.0, type);
    INDArray out = new SiLU().backprop(inputs(type), gradient).getFirst();
    for (int i = 0; i < INPUTS.length; i++) {
      double x = INPUTS[i];
      double s = sigmoid(x);
      assertThat(out.getDouble(i))
          .as("3 SiLU'(%s)", x)
          .isCloseTo(3 * (s + x * s * (1 - s)), tolerance(type, 3));
    }
  }

  private static INDArray inputs(DataType type) {
    return Nd4j.createFromArray(INPUTS).castTo(type);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Offset<Double> tolerance(DataType type, double scale) {
    double relative = type == DataType.DOUBLE ? 1e-13 : 1e-6;
    return offset(relative * Math.max(1, Math.abs(scale)));
  }
}
