package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What every engine has to do that upscales, in fp32 on the CPU. Recorded passes of PyTorch are one
 * measure, the DL4J graph itself, which defines the network, the other.
 */
public abstract class UpscalerContractTest {
  protected static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);
  protected static final LossConfig LOSS = new LossConfig(ReconstructionLoss.MSE, 0.5);
  protected static final UpscalerConfig CONFIG =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 6, 2, 2);

  /** The engine under test. */
  protected abstract Engine engine();

  /** One thread of the CPU in fp32; an engine may choose otherwise. */
  protected EngineOptions options() {
    return EngineOptions.cpu(1);
  }

  @ParameterizedTest
  @EnumSource
  void outputIsPyTorchs(GoldenUpscaler golden) {
    INDArray parameters = golden.parameters(network(golden));
    try (Upscaler upscaler = engine().openUpscaler(golden.config(), parameters, options())) {
      INDArray output = upscaler.upscale(golden.input());
      assertThat(output.equalShapes(golden.output())).isTrue();
      assertThat(maxDifference(output, golden.output())).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "7, 1", "5, 3", "17, 13"})
  void anySizeOfPictureIsUpscaled(int height, int width) {
    ComputationGraph network = initialised(LOSS);
    INDArray low = pictures(1, 2, 3, height, width);
    try (Upscaler upscaler = engine().openUpscaler(CONFIG, network.params(), options())) {
      assertThat(maxDifference(upscaler.upscale(low), network.outputSingle(low))).isLessThan(1e-5);
    }
  }

  @Test
  void picturesOfABatchDoNotSeeEachOther() {
    try (Upscaler upscaler = engine().openUpscaler(CONFIG, initialised(LOSS).params(), options())) {
      INDArray batch = pictures(3, 3, 3, 8, 6);
      INDArray together = upscaler.upscale(batch);
      for (int b = 0; b < 3; b++) {
        INDArray alone = upscaler.upscale(example(batch, b));
        assertThat(maxDifference(alone, example(together, b))).isLessThan(1e-6);
      }
      assertThat(together.maxNumber().doubleValue()).isLessThanOrEqualTo(1);
      assertThat(together.minNumber().doubleValue()).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void resultsOfAnUpscalerAreTheCallers() {
    try (Upscaler upscaler = engine().openUpscaler(CONFIG, initialised(LOSS).params(), options())) {
      INDArray input = pictures(4, 1, 3, 8, 8);
      INDArray untouched = input.dup();
      INDArray first = upscaler.upscale(input);
      INDArray kept = first.dup();
      upscaler.upscale(pictures(5, 1, 3, 8, 8));
      assertThat(bits(first)).isEqualTo(bits(kept));
      assertThat(bits(input)).isEqualTo(bits(untouched));
      assertThat(bits(upscaler.upscale(input))).isEqualTo(bits(kept));
    }
  }

  @Test
  void automaticPrecisionOfAnUpscalerShowsNoDifference() {
    ComputationGraph network = initialised(LOSS);
    EngineOptions fp32 = options();
    EngineOptions automatic = fp32.in(Precision.AUTO);
    try (Upscaler expected = engine().openUpscaler(CONFIG, network.params(), fp32);
        Upscaler actual = engine().openUpscaler(CONFIG, network.params(), automatic)) {
      INDArray low = pictures(1, 1, 3, 8, 8);
      assertThat(maxDifference(actual.upscale(low), expected.upscale(low))).isLessThan(1e-2);
    }
  }

  @Test
  void parametersOfAnotherNetworkAreRefused() {
    assertThatThrownBy(() -> engine().openUpscaler(CONFIG, Nd4j.zeros(1, 7), options()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 parameters");
  }

  // Material

  protected static ComputationGraph network(GoldenUpscaler golden) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(golden.config(), golden.loss(), ADAFACTOR), 1);
  }

  protected static ComputationGraph initialised(LossConfig loss) {
    ComputationGraphConfiguration graph = UpscalerGraph.training(CONFIG, loss, ADAFACTOR);
    return UpscalerGraph.initialised(graph, 42);
  }

  protected static INDArray pictures(long seed, int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    Random random = new Random(seed);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = random.nextFloat();
    }
    return Nd4j.createFromArray(samples).reshape('c', shape);
  }

  protected static INDArray example(INDArray batch, int number) {
    return examples(batch, number, number + 1);
  }

  protected static INDArray examples(INDArray batch, int from, int to) {
    return batch.get(NDArrayIndex.interval(from, to)).dup('c');
  }

  /** The elements; {@code INDArray.equals} would allow for a difference of 1e-5. */
  protected static float[] bits(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  protected static double maxDifference(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }
}
