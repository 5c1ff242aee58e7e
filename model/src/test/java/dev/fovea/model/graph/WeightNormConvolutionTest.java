package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import dev.fovea.model.optim.Adafactor;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class WeightNormConvolutionTest {
  @ParameterizedTest
  @CsvSource({
    "3, FLOAT, 6, 5",
    "5, FLOAT, 6, 5",
    "3, DOUBLE, 6, 5",
    "5, DOUBLE, 4, 7",
    "3, FLOAT, 1, 1",
    "5, FLOAT, 1, 3",
    "5, DOUBLE, 1, 1"
  })
  void forwardPassIsAConvolutionPaddedWithZeros(int kernel, DataType type, int height, int width) {
    INDArray x = random(type, 1, 2, height, width, 3);
    INDArray w = random(type, 2, 4, 3, kernel, kernel);
    INDArray b = random(type, 3, 4);
    INDArray out = Nd4j.create(type, 2, height, width, 4);
    NativeConvolution.forward(x, w, b, out);
    double tolerance = type == DataType.DOUBLE ? 1e-13 : 1e-5;
    for (int n = 0; n < 2; n++) {
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          for (int o = 0; o < 4; o++) {
            assertThat(out.getDouble(n, row, column, o))
                .isCloseTo(convolved(x, w, b, n, row, column, o), Offset.offset(tolerance));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, DOUBLE, 1e-9", "3, DOUBLE, 1e-9", "5, DOUBLE, 1e-9", "3, FLOAT, 1e-5"})
  void backwardPassIsTheAdjointOfTheForwardPass(int kernel, DataType type, double tolerance) {
    // <conv(x, w), e> is linear in x and in w, so its gradients give it back.
    INDArray x = random(type, 1, 2, 6, 5, 3);
    INDArray w = random(type, 2, 4, 3, kernel, kernel);
    INDArray noBias = Nd4j.zeros(type, 4);
    INDArray e = random(type, 3, 2, 6, 5, 4);
    INDArray out = e.ulike();
    NativeConvolution.forward(x, w, noBias, out);
    double product = dot(out, e);
    INDArray xGradient = x.ulike();
    INDArray wGradient = w.ulike();
    INDArray bGradient = Nd4j.create(type, 4);
    NativeConvolution.backward(x, w, noBias, e, xGradient, wGradient, bGradient);
    assertThat(dot(x, xGradient)).isCloseTo(product, within(tolerance, product));
    assertThat(dot(w, wGradient)).isCloseTo(product, within(tolerance, product));
    assertThat(bGradient.sub(e.sum(0, 1, 2)).amaxNumber().doubleValue()).isLessThan(1e-4);
  }

  @Test
  void gainIsTheNormOfTheWeightsWhateverTheDirectionsLength() {
    INDArray v = random(DataType.DOUBLE, 1, 4, 3, 3, 3);
    INDArray g = Nd4j.createFromArray(0.5, 1.0, 2.0, -3.0);
    INDArray w = v.ulike();
    WeightNorm.fold(v, g, w);
    INDArray longer = v.ulike();
    WeightNorm.fold(v.mul(17), g, longer);
    assertThat(w.norm2(1, 2, 3).toDoubleVector())
        .containsExactly(new double[] {0.5, 1, 2, 3}, within(1e-12, 1));
    assertThat(longer.sub(w).amaxNumber().doubleValue()).isLessThan(1e-14);
  }

  @Test
  void gradientOfTheDirectionIsAtRightAnglesToIt() {
    INDArray v = random(DataType.DOUBLE, 1, 4, 3, 3, 3);
    INDArray g = random(DataType.DOUBLE, 2, 4);
    INDArray gradient = random(DataType.DOUBLE, 3, 4, 3, 3, 3);
    INDArray vGradient = v.ulike();
    INDArray gGradient = g.ulike();
    WeightNorm.backward(v, g, gradient.dup(), vGradient, gGradient);
    assertThat(vGradient.mul(v).sum(1, 2, 3).amaxNumber().doubleValue()).isLessThan(1e-13);
    INDArray unit = v.ulike();
    WeightNorm.fold(v, Nd4j.ones(DataType.DOUBLE, 4), unit);
    INDArray expected = gradient.mul(unit).sum(1, 2, 3);
    assertThat(gGradient.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-13);
  }

  @Test
  void survivesJson() throws Exception {
    WeightNormConvolution layer = new WeightNormConvolution(3, 8, 5, Activation.SILU);
    layer.setLayerName("input");
    layer.setIUpdater(Adafactor.of(AdafactorConfig.of(1e-2, -0.8)));
    ObjectMapper json = JsonMappers.getMapper();
    Layer read = json.readValue(json.writeValueAsString(layer), Layer.class);
    assertThat(read).isEqualTo(layer);
    assertThat(((WeightNormConvolution) read).kernelSize()).isEqualTo(5);
    assertThat(((WeightNormConvolution) read).activation()).isEqualTo(Activation.SILU);
  }

  @Test
  void everyParameterHasAnUpdaterOfPyTorchsShape() {
    WeightNormConvolution layer = new WeightNormConvolution(3, 8, 5, Activation.NONE);
    layer.setLayerName("input");
    layer.setIUpdater(Adafactor.of(AdafactorConfig.of(1e-2, -0.8)));
    assertThat(((Adafactor) layer.getUpdaterByParam("v")).shape()).containsExactly(8, 3, 5, 5);
    assertThat(((Adafactor) layer.getUpdaterByParam("g")).shape()).containsExactly(8, 1, 1, 1);
    assertThat(((Adafactor) layer.getUpdaterByParam("b")).shape()).containsExactly(8);
    assertThat(((Adafactor) layer.getUpdaterByParam("g")).parameter()).isEqualTo("input.g");
  }

  @Test
  void wrongSettingsAndInputsAreNamed() {
    assertThatThrownBy(() -> new WeightNormConvolution(3, 8, 4, Activation.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kernel size 4");
    assertThatThrownBy(() -> new WeightNormConvolution(0, 8, 3, Activation.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 0 to 8");
    WeightNormConvolution layer = new WeightNormConvolution(3, 8, 5, Activation.NONE);
    layer.setLayerName("input");
    assertThatThrownBy(
            () -> layer.getOutputType(0, InputType.convolutional(8, 8, 3, CNN2DFormat.NCHW)))
        .isInstanceOf(InvalidInputTypeException.class)
        .hasMessageContaining("layer input takes pictures in NHWC");
    assertThat(layer.getOutputType(0, InputType.convolutional(8, 6, 3, CNN2DFormat.NHWC)))
        .isEqualTo(InputType.convolutional(8, 6, 8, CNN2DFormat.NHWC));
  }

  private static double convolved(
      INDArray x, INDArray w, INDArray b, int n, int row, int column, int o) {
    int half = (int) w.size(2) / 2;
    double sum = b.getDouble(o);
    for (int i = 0; i < x.size(3); i++) {
      for (int dy = -half; dy <= half; dy++) {
        for (int dx = -half; dx <= half; dx++) {
          int y = row + dy;
          int z = column + dx;
          if (y >= 0 && y < x.size(1) && z >= 0 && z < x.size(2)) {
            sum += x.getDouble(n, y, z, i) * w.getDouble(o, i, dy + half, dx + half);
          }
        }
      }
    }
    return sum;
  }

  private static double dot(INDArray a, INDArray b) {
    return a.castTo(DataType.DOUBLE).mul(b.castTo(DataType.DOUBLE)).sumNumber().doubleValue();
  }

  private static INDArray random(DataType type, long seed, int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    Random random = new Random(seed);
    double[] values = random.doubles(length, -1, 1).toArray();
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }

  private static Offset<Double> within(double relative, double value) {
    return Offset.offset(relative * Math.abs(value));
  }
}
