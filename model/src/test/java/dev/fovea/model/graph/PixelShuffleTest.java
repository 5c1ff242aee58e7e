package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PixelShuffleTest {
  @Test
  void pixelShuffleFollowsPyTorchsChannelOrder() {
    // torch.pixel_shuffle(torch.arange(16).reshape(1, 8, 1, 2), 2)
    INDArray nchw = Nd4j.arange(16).castTo(DataType.FLOAT).reshape('c', 1, 8, 1, 2);
    INDArray out = shuffled(nchw.permute(0, 2, 3, 1).dup('c'), 2);
    assertThat(out.shape()).containsExactly(1, 2, 2, 4);
    assertThat(out.data().asFloat())
        .containsExactly(0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15);
  }

  @Property(tries = 30)
  void unshuffleUndoesShuffleAndTypesAgree(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 3) int exponent) {
    int r = 1 << exponent;
    INDArray deep =
        Nd4j.arange((double) batch * height * width * 3 * r * r)
            .castTo(DataType.FLOAT)
            .reshape('c', batch, height, width, 3 * r * r);
    INDArray wide = shuffled(deep, r);
    INDArray doubles = shuffled(deep.castTo(DataType.DOUBLE), r);
    assertThat(doubles.castTo(DataType.FLOAT).data().asFloat()).isEqualTo(wide.data().asFloat());
    INDArray back = deep.ulike();
    PixelShuffle.unshuffle(wide, back, r);
    assertThat(back.data().asFloat()).isEqualTo(deep.data().asFloat());
  }

  @Test
  void channelsThatAreNoMultipleAreNamed() {
    assertThatThrownBy(() -> PixelShuffle.shuffledShape(new long[] {1, 2, 2, 10}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 2, 2, 10]");
  }

  private static INDArray shuffled(INDArray deep, int r) {
    INDArray out = Nd4j.create(deep.dataType(), PixelShuffle.shuffledShape(deep.shape(), r), 'c');
    PixelShuffle.shuffle(deep, out, r);
    return out;
  }
}
