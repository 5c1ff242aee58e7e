package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TileNetworkTest {
  private static final UpscalerConfig CONFIG = TestModels.small(2);
  private static final int OVERLAP = Tiling.overlap(CONFIG);
  private static final int HEIGHT = 40;
  private static final int WIDTH = 64;

  private static Upscaler upscaler;

  @BeforeAll
  static void open() {
    upscaler = TestModels.open(CONFIG, 5);
  }

  @AfterAll
  static void close() {
    upscaler.close();
  }

  @Test
  void theResultOfATileDoesNotDependOnItsBatch() {
    float[] one = low(1);
    float[] three = new float[3 * one.length];
    System.arraycopy(low(2), 0, three, 0, one.length);
    System.arraycopy(one, 0, three, one.length, one.length);
    System.arraycopy(low(3), 0, three, 2 * one.length, one.length);

    float[] alone = network(upscaler, Ensemble.NONE).upscale(one, 1, HEIGHT, WIDTH);
    float[] among = network(upscaler, Ensemble.NONE).upscale(three, 3, HEIGHT, WIDTH);

    assertThat(Arrays.copyOfRange(among, alone.length, 2 * alone.length)).isEqualTo(alone);
  }

  @Test
  void batchesThatDoNotFitAreHalvedAndThenTheirTiles() {
    float[] low = new float[2 * 3 * HEIGHT * WIDTH];
    System.arraycopy(low(1), 0, low, 0, low.length / 2);
    System.arraycopy(low(2), 0, low, low.length / 2, low.length / 2);
    float[] whole = network(upscaler, Ensemble.NONE).upscale(low, 2, HEIGHT, WIDTH);
    // A single tile of this size is run as two.
    Crowded crowded = new Crowded(2 * HEIGHT * WIDTH - 1);
    TileNetwork network = network(crowded, Ensemble.NONE);

    float[] halved = network.upscale(low, 2, HEIGHT, WIDTH);

    assertThat(network.takeHalvings()).isGreaterThanOrEqualTo(3);
    assertThat(network.takeHalvings()).isZero();
    assertThat(largestDifference(halved, whole)).isLessThan(1e-5f);
    int refused = crowded.refused.size();
    network.upscale(low, 2, HEIGHT, WIDTH);
    assertThat(crowded.refused).hasSize(refused); // It remembers.
    assertThat(network.takeHalvings()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void whatNeverFitsIsAnErrorThatSaysSo() {
    assertThatThrownBy(
            () -> network(new Crowded(10), Ensemble.NONE).upscale(low(1), 1, HEIGHT, WIDTH))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("even for a tile of");
  }

  @Test
  void otherFailuresAreNotTakenForALackOfMemory() {
    Upscaler broken = new Failing(new IllegalStateException("the cable is out"));

    assertThatThrownBy(() -> network(broken, Ensemble.NONE).upscale(low(1), 1, HEIGHT, WIDTH))
        .hasMessage("the cable is out");
  }

  @Test
  void theEnsembleOfATurnedPictureIsTheTurnedEnsemble() {
    float[] low = low(1);
    float[] turned = transposed(low, HEIGHT, WIDTH);

    TileNetwork network = network(upscaler, Ensemble.FLIPS_AND_ROTATIONS);
    float[] high = network.upscale(low, 1, HEIGHT, WIDTH);
    float[] highOfTurned = network.upscale(turned, 1, WIDTH, HEIGHT);

    assertThat(largestDifference(highOfTurned, transposed(high, 2 * HEIGHT, 2 * WIDTH)))
        .isLessThan(1e-5f);
    float[] once = network(upscaler, Ensemble.NONE).upscale(low, 1, HEIGHT, WIDTH);
    assertThat(largestDifference(high, once)).isGreaterThan(1e-4f);
  }

  @Test
  void partsOfAPhotographEqualTheWhole() throws IOException {
    Picture photograph =
        PictureDecoder.decode(
                Files.readAllBytes(SharedData.require("benchmarks/Set5/butterfly.png")),
                Limits.defaults(),
                ColourPolicy.SRGB)
            .picture();
    float[] low = photograph.toPlanes().samples();
    int height = photograph.height();
    int width = photograph.width();
    float[] whole = network(upscaler, Ensemble.NONE).upscale(low, 1, height, width);

    float[] parts =
        network(new Crowded(height * width / 3), Ensemble.NONE).upscale(low, 1, height, width);

    assertThat(largestDifference(parts, whole)).isLessThan(1e-5f);
    int otherLevels = 0;
    for (int i = 0; i < whole.length; i++) {
      int difference = Math.abs(Math.round(255 * whole[i]) - Math.round(255 * parts[i]));
      assertThat(difference).isLessThanOrEqualTo(1);
      otherLevels += difference;
    }
    assertThat(otherLevels).isLessThan(whole.length / 1000);
  }

  private static TileNetwork network(Upscaler upscaler, Ensemble ensemble) {
    return new TileNetwork(upscaler, 2, OVERLAP, ensemble);
  }

  private static float[] low(long seed) {
    return TestPictures.rgb(WIDTH, HEIGHT, seed).toPlanes().samples();
  }

  private static float[] transposed(float[] planes, int height, int width) {
    float[] turned = new float[planes.length];
    for (int p = 0; p < planes.length / (height * width); p++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          turned[(p * width + x) * height + y] = planes[(p * height + y) * width + x];
        }
      }
    }
    return turned;
  }

  private static float largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** A device on which only so many pixels fit. */
  private static final class Crowded implements Upscaler {
    private final long most;
    private final List<Long> refused = new ArrayList<>();

    Crowded(long most) {
      this.most = most;
    }

    @Override
    public INDArray upscale(INDArray low) {
      long pixels = low.length() / 3;
      if (pixels > most) {
        refused.add(pixels);
        throw new IllegalStateException("CUDA out of memory. Tried to allocate 20 GiB");
      }
      return upscaler.upscale(low);
    }

    @Override
    public String execution() {
      return upscaler.execution();
    }

    @Override
    public void close() {}
  }

  private record Failing(RuntimeException failure) implements Upscaler {
    @Override
    public INDArray upscale(INDArray low) {
      throw failure;
    }

    @Override
    public String execution() {
      return "none";
    }

    @Override
    public void close() {}
  }
}
