package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SuperResolutionTest {
  private static final UpscalerConfig CONFIG = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 2, 2);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "torch", "vector"})
  void picturesAndBatchesAreUpscaledAsByTheEngine(String engine) throws Exception {
    save(7, 1);
    float[] pictures = noise(2 * 3 * 9 * 7);
    float[] expected = byEngine(pictures, 2, 9, 7);
    try (SuperResolution model = open(engine)) {
      assertThat(model.config()).isEqualTo(CONFIG);
      assertThat(model.upscaleRatio()).isEqualTo(2);
      assertThat(model.upscale(pictures, 2, 9, 7))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(expected);
      float[] second = Arrays.copyOfRange(pictures, 3 * 9 * 7, pictures.length);
      assertThat(model.upscale(second, 9, 7))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(Arrays.copyOfRange(expected, expected.length / 2, expected.length));
    }
  }

  @Test
  void tilesJoinWithoutATrace() throws Exception {
    float[] picture = noise(3 * 53 * 38);
    float[] whole = byEngine(picture, 1, 53, 38);
    TiledPicture right = new TiledPicture(2, 16, TiledPicture.of(CONFIG).margin());
    assertThat(difference(tiled(right, picture, 53, 38), whole)).isLessThan(1e-6f);
    // Else the comparison would prove nothing.
    TiledPicture narrow = new TiledPicture(2, 16, 1);
    assertThat(difference(tiled(narrow, picture, 53, 38), whole)).isGreaterThan(1e-3f);
  }

  @Test
  void aPictureLargerThanATileIsUpscaledWhole() throws Exception {
    UpscalerConfig heavy = new UpscalerConfig(BaseUpscaler.BILINEAR, 2, 128, 4, 1);
    assertThat(TiledPicture.of(heavy).fits(1, 240, 230)).isFalse();
    save(heavy, 3, 1);
    float[] picture = noise(3 * 240 * 230);
    try (SuperResolution model = open("torch")) {
      float[] result = model.upscale(picture, 240, 230);
      assertThat(result).hasSize(4 * picture.length);
      try (Upscaler engine =
          Engines.named("torch")
              .openUpscaler(heavy, network(heavy, 1).params(), EngineOptions.cpu(1))) {
        INDArray low = Nd4j.create(picture, new long[] {1, 3, 240, 230}, 'c');
        assertThat(difference(result, engine.upscale(low).data().asFloat())).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void theNewestWholeCheckpointIsLoaded() throws Exception {
    save(5, 1);
    save(60, 2);
    save(700, 3);
    Files.delete(folder.resolve("step-00000700/MANIFEST.json"));
    float[] picture = noise(3 * 5 * 5);
    float[] newest;
    try (SuperResolution model = open("nd4j")) {
      newest = model.upscale(picture, 5, 5);
    }
    try (SuperResolution named =
        SuperResolution.load(folder.resolve("step-00000060"), "nd4j", EngineOptions.cpu(1))) {
      assertThat(named.upscale(picture, 5, 5)).isEqualTo(newest);
    }
  }

  @Test
  void whatCannotBeLoadedSaysWhy() throws Exception {
    assertThatThrownBy(() -> SuperResolution.load(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "no checkpoint at %s: it is no folder, and no shipped model has this name",
            folder.resolve("none"));
    assertThatThrownBy(() -> SuperResolution.load(folder))
        .hasMessage("no checkpoint at %s: it holds no step-NNNNNNNN", folder);
    save(5, 1);
    Files.write(folder.resolve("step-00000005/model.safetensors"), new byte[5000]);
    assertThatThrownBy(() -> SuperResolution.load(folder))
        .hasMessageStartingWith(
            "no checkpoint at %s is whole: step-00000005: model.safetensors: ".formatted(folder));
  }

  @Test
  void sizesThatDoNotFitAreNamed() throws Exception {
    save(7, 1);
    try (SuperResolution model = open("nd4j")) {
      assertThatThrownBy(() -> model.upscale(new float[11], 2, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("batch 1 of 2 rows and 2 columns needs 12 samples, not 11");
      assertThatThrownBy(() -> model.upscale(new float[0], 0, 2))
          .hasMessage("batch 1 of 0 rows and 2 columns: all must be 1 or more");
      assertThatThrownBy(() -> model.upscale(new float[12], 1 << 20, 1 << 20))
          .hasMessageContaining("needs 3298534883328 samples, not 12");
    }
  }

  @Test
  void severalThreadsGetWhatOneGets() throws Exception {
    save(7, 1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (SuperResolution model = open("torch")) {
      float[][] pictures = new float[8][];
      float[][] alone = new float[8][];
      for (int i = 0; i < pictures.length; i++) {
        pictures[i] = noise(3 * (4 + i) * 6);
        alone[i] = model.upscale(pictures[i], 4 + i, 6);
      }
      List<Callable<float[]>> work =
          IntStream.range(0, 32)
              .<Callable<float[]>>mapToObj(i -> () -> model.upscale(pictures[i % 8], 4 + i % 8, 6))
              .toList();
      int i = 0;
      for (Future<float[]> result : threads.invokeAll(work)) {
        assertThat(result.get()).isEqualTo(alone[i++ % 8]);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void nothingIsUpscaledAfterClosing() throws Exception {
    save(7, 1);
    SuperResolution model = open("nd4j");
    model.close();
    model.close();
    assertThatThrownBy(() -> model.upscale(new float[3], 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the upscaler is closed");
  }

  private SuperResolution open(String engine) throws IOException {
    return SuperResolution.load(folder, engine, EngineOptions.cpu(1));
  }

  private static float[] tiled(TiledPicture tiles, float[] picture, int height, int width) {
    float[] result = new float[4 * picture.length];
    tiles.upscale(
        picture,
        0,
        height,
        width,
        result,
        0,
        (tile, rows, columns) -> byEngine(tile, 1, rows, columns));
    return result;
  }

  private static float[] byEngine(float[] pictures, int batch, int height, int width) {
    try (Upscaler upscaler =
        Engines.named("nd4j")
            .openUpscaler(CONFIG, network(CONFIG, 1).params(), EngineOptions.cpu(1))) {
      INDArray low = Nd4j.create(pictures, new long[] {batch, 3, height, width}, 'c');
      return upscaler.upscale(low).data().asFloat();
    }
  }

  private void save(long step, long seed) throws IOException {
    save(CONFIG, step, seed);
  }

  private void save(UpscalerConfig config, long step, long seed) throws IOException {
    ComputationGraph network = network(config, seed);
    Path directory = Files.createDirectories(folder.resolve("step-%08d".formatted(step)));
    CheckpointFormat.write(
        new Checkpoint(
            new TrainedUpscaler(config, network.params()),
            new LossConfig(ReconstructionLoss.MSE, 0),
            AdafactorConfig.of(1e-2, -0.8),
            network.getUpdater().getStateViewArray(),
            new TrainingState(
                "run",
                0,
                0,
                0,
                step,
                0,
                Map.of(),
                new Provenance("0", "0", "0", "nd4j", "fp32", "ab"))),
        name -> Files.newOutputStream(directory.resolve(name)));
  }

  private static ComputationGraph network(UpscalerConfig config, long seed) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(
            config, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8)),
        seed);
  }

  private static float[] noise(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = (float) random.nextDouble();
    }
    return samples;
  }

  private static float difference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
