package dev.fovea.model.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.engine.UpscalerContractTest;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.graph.UpscalerGraph;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class VectorEngineTest extends UpscalerContractTest {
  /** The largest difference from another engine in fp32, in levels of 255. */
  private static final double LEVELS = .02;

  @Override
  protected Engine engine() {
    return new VectorEngine();
  }

  @ParameterizedTest
  @CsvSource({
    "BICUBIC, 2, 1, 4, 1, 13, 6",
    "BICUBIC, 2, 8, 2, 32, 12, 12",
    "BILINEAR, 4, 8, 1, 1, 7, 19",
    "BICUBIC, 4, 17, 2, 3, 6, 6",
    "BICUBIC, 4, 32, 2, 6, 48, 48",
    "BILINEAR, 8, 48, 2, 2, 20, 11",
    "BICUBIC, 8, 64, 4, 2, 30, 25",
    "BICUBIC, 4, 64, 2, 16, 24, 40",
    "BICUBIC, 2, 100, 1, 2, 9, 64",
    "BICUBIC, 4, 256, 4, 1, 13, 17",
    "BICUBIC, 4, 256, 2, 1, 1, 1"
  })
  void everyShapeOfNetworkIsThatOfNd4j(
      BaseUpscaler base, int ratio, int channels, int hidden, int layers, int height, int width) {
    UpscalerConfig config = new UpscalerConfig(base, ratio, channels, hidden, layers);
    INDArray parameters = parameters(config);
    INDArray low = pictures(1, 2, 3, height, width);
    try (Upscaler expected = new Nd4jEngine().openUpscaler(config, parameters, options());
        Upscaler actual = engine().openUpscaler(config, parameters, options())) {
      assertThat(maxDifference(actual.upscale(low), expected.upscale(low)) * 255)
          .isLessThan(LEVELS);
    }
  }

  @Test
  void bitsDependNeitherOnThreadsNorOnTheBatch() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 24, 2, 3);
    INDArray parameters = parameters(config);
    // More pixels than go through the network at once, and an odd number of tiles.
    INDArray batch = pictures(1, 9, 3, 97, 85);
    float[] expected;
    try (Upscaler upscaler = engine().openUpscaler(config, parameters, EngineOptions.cpu(1))) {
      expected = bits(upscaler.upscale(batch));
      int length = expected.length / 9;
      for (int b : new int[] {0, 8}) {
        assertThat(bits(upscaler.upscale(example(batch, b))))
            .isEqualTo(Arrays.copyOfRange(expected, b * length, (b + 1) * length));
      }
    }
    for (int threads : new int[] {2, 3, 7}) {
      try (Upscaler upscaler =
          engine().openUpscaler(config, parameters, EngineOptions.cpu(threads))) {
        assertThat(bits(upscaler.upscale(batch))).as("%d threads", threads).isEqualTo(expected);
      }
    }
  }

  @Test
  void aNanStaysNearWhereItWas() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 16, 2, 1);
    INDArray low = pictures(1, 1, 3, 40, 40);
    try (Upscaler upscaler = engine().openUpscaler(config, parameters(config), options())) {
      float[] whole = bits(upscaler.upscale(low));
      low.putScalar(new int[] {0, 1, 0, 0}, Float.NaN);
      float[] hurt = bits(upscaler.upscale(low));
      assertThat(hurt[0]).isNaN();
      assertThat(hurt[hurt.length - 1]).isEqualTo(whole[whole.length - 1]);
      low.putScalar(new int[] {0, 1, 0, 0}, .5f);
      for (float sample : bits(upscaler.upscale(low))) {
        assertThat(sample).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void whatItCannotDoIsSaid() {
    assertThat(engine().obstacle()).isEmpty();
    assertThat(engine().trains()).isFalse();
    ComputationGraphConfiguration graph = graph(CONFIG);
    assertThatThrownBy(() -> engine().openTrainer(graph, options()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("engine vector")
        .hasMessageContaining("torch and nd4j");
    assertThatThrownBy(() -> engine().precision(options().in(Precision.BF16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bf16");
    assertThatThrownBy(() -> engine().precision(options().on(Device.of("cuda:1"))))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContaining("cuda:1");
  }

  @Test
  void withoutItsModuleItIsPassedOverAndSaysWhichOptionIsMissing() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(java.toString(), "-cp", classPath, VectorEngineTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output.lines())
        .containsExactly(
            "torch",
            "the engine vector cannot run: Java was started without the module"
                + " jdk.incubator.vector: add --add-modules=jdk.incubator.vector to its options");
  }

  /** Says in another JVM which engine upscales automatically, and what this one says. */
  public static void main(String[] arguments) {
    System.out.println(Engines.forUpscaling(Engines.AUTO, EngineOptions.cpu(1)).name());
    try {
      new VectorEngine().openUpscaler(CONFIG, parameters(CONFIG), EngineOptions.cpu(1));
    } catch (DeviceUnavailableException e) {
      System.out.println(e.getMessage());
    }
  }

  private static INDArray parameters(UpscalerConfig config) {
    return UpscalerGraph.initialised(graph(config), 5).params();
  }

  private static ComputationGraphConfiguration graph(UpscalerConfig config) {
    return UpscalerGraph.training(
        config, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8));
  }
}
