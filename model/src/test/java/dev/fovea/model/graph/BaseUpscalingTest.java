package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.fovea.model.config.BaseUpscaler;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BaseUpscalingTest {
  @Test
  void bilinearFollowsPyTorch() {
    // torch.nn.Upsample(scale_factor=2, mode="bilinear")(torch.tensor([[[[0., 1.], [2., 4.]]]]))
    INDArray in = Nd4j.createFromArray(0.0, 1.0, 2.0, 4.0).reshape('c', 1, 1, 2, 2);
    assertThat(upscaled(BaseUpscaler.BILINEAR, 2, in).data().asDouble())
        .containsExactly(
            new double[] {
              0, 0.25, 0.75, 1, 0.5, 0.8125, 1.4375, 1.75, 1.5, 1.9375, 2.8125, 3.25, 2, 2.5, 3.5, 4
            },
            offset(1e-12));
  }

  @Test
  void bicubicUsesKeysKernelWithMinusThreeQuarters() {
    // Far from the edges, the middle of an impulse spread by a factor of 2: w(0.25) and w(0.75).
    INDArray in = Nd4j.zeros(DataType.DOUBLE, 1, 1, 1, 9);
    in.putScalar(new int[] {0, 0, 0, 4}, 1);
    INDArray out = upscaled(BaseUpscaler.BICUBIC, 2, in);
    double near = 1.25 * Math.pow(0.25, 3) - 2.25 * Math.pow(0.25, 2) + 1;
    double far = 1.25 * Math.pow(0.75, 3) - 2.25 * Math.pow(0.75, 2) + 1;
    assertThat(out.getDouble(0, 0, 0, 8)).isCloseTo(near, offset(1e-12));
    assertThat(out.getDouble(0, 0, 0, 9)).isCloseTo(near, offset(1e-12));
    assertThat(out.getDouble(0, 0, 0, 10)).isCloseTo(far, offset(1e-12));
  }

  @Property(tries = 40)
  void backpropagationIsTheAdjoint(
      @ForAll BaseUpscaler kind,
      @ForAll @IntRange(min = 1, max = 3) int exponent,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width) {
    int ratio = 1 << exponent;
    INDArray x = random(1, 2, 3, height, width);
    INDArray e = random(2, 2, 3, height * ratio, width * ratio);
    INDArray back = x.ulike();
    new BaseUpscaling(kind, ratio).backpropagate(e, back);
    double forward = upscaled(kind, ratio, x).mul(e).sumNumber().doubleValue();
    assertThat(back.mul(x).sumNumber().doubleValue())
        .isCloseTo(forward, offset(1e-10 * Math.max(1, Math.abs(forward))));
  }

  @Property(tries = 20)
  void aFlatPictureStaysFlat(
      @ForAll BaseUpscaler kind,
      @ForAll @IntRange(min = 1, max = 6) int height,
      @ForAll @IntRange(min = 1, max = 6) int width) {
    INDArray flat = Nd4j.valueArrayOf(new long[] {1, 3, height, width}, 0.3, DataType.FLOAT);
    INDArray out = upscaled(kind, 4, flat);
    assertThat(out.sub(0.3).amaxNumber().doubleValue()).isLessThan(1e-6);
  }

  private static INDArray upscaled(BaseUpscaler kind, int ratio, INDArray in) {
    BaseUpscaling upscaling = new BaseUpscaling(kind, ratio);
    INDArray out = Nd4j.create(in.dataType(), upscaling.upscaledShape(in.shape()), 'c');
    upscaling.upscale(in, out);
    return out;
  }

  private static INDArray random(long seed, int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    return Nd4j.createFromArray(new Random(seed).doubles(length).toArray()).reshape('c', shape);
  }
}
