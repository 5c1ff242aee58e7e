package dev.fovea.model.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
  private static final EngineBenchmark SMALL =
      new EngineBenchmark(new UpscalerConfig(BaseUpscaler.BILINEAR, 2, 4, 1, 1), 1, 8, 6, 3, 2);
  private static final List<EngineBenchmark.Entry> ENGINES =
      List.of(
          entry("torch", Precision.FP32),
          entry("torch", Precision.BF16),
          entry("nd4j", Precision.FP32));

  @Test
  void stepsOfEveryEngineAreMeasured() {
    List<String> said = new ArrayList<>();
    List<Measurement> steps = SMALL.steps(ENGINES, said::add);
    assertThat(said).hasSize(9);
    assertThat(said.get(8)).matches("step, turn 3 of 3: nd4j fp32 [0-9.]+ ms");
    assertThat(steps)
        .extracting(Measurement::contender)
        .containsExactly("torch fp32", "torch bf16", "nd4j fp32");
    assertThat(steps).allMatch(m -> m.turns() == 3 && m.bestMillis() <= m.medianMillis());
  }

  @Test
  void alternatingStepsOfEveryEngineAreMeasured() {
    EngineBenchmark tiny =
        new EngineBenchmark(new UpscalerConfig(BaseUpscaler.BILINEAR, 2, 4, 1, 1), 2, 8, 6, 3, 2);
    List<Measurement> steps =
        tiny.alternatingSteps(new CriticConfig(2, List.of(1, 1)), ENGINES, line -> {});
    assertThat(steps)
        .extracting(Measurement::contender)
        .containsExactly("torch fp32", "torch bf16", "nd4j fp32");
    assertThat(steps).allMatch(m -> m.work().equals("alternating step") && m.bestMillis() > 0);
  }

  @Test
  void inferenceIsMeasuredAgainstOnnxRuntime() throws Exception {
    BenchmarkReport report = new BenchmarkReport("small", SMALL.inference(ENGINES, line -> {}));
    assertThat(report.measurements())
        .extracting(Measurement::contender)
        .containsExactly("torch fp32", "torch bf16", "nd4j fp32", "onnxruntime fp32");
    JsonNode lines = new ObjectMapper().readTree(report.json()).get("measurements");
    assertThat(lines).hasSize(4).allMatch(line -> line.get("ratio").asDouble() >= 1);
    assertThat(report.table()).contains("onnxruntime fp32").contains("small");
  }

  @Test
  void bf16IsLeftOutWhereItWouldBeEmulated() {
    Benchmark benchmark = new Benchmark(Benchmark.Work.STEP, Device.CPU, 1, 1);
    assertThat(benchmark.entries(false))
        .extracting(EngineBenchmark.Entry::name)
        .containsExactly("torch fp32", "torch fp32 low memory");
    assertThat(benchmark.entries(true))
        .extracting(EngineBenchmark.Entry::name)
        .containsExactly("torch fp32", "torch bf16", "torch bf16 low memory");
  }

  private static EngineBenchmark.Entry entry(String engine, Precision precision) {
    return EngineBenchmark.Entry.of(Engines.named(engine), Device.CPU, precision, 1);
  }
}
