package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.vector.VectorEngine;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class EnginesTest {
  @Test
  void allEnginesAreFound() {
    assertThat(Engines.available())
        .extracting(Engine::name)
        .containsExactlyInAnyOrder("torch", "nd4j", "vector");
    assertThat(Engines.named("nd4j").name()).isEqualTo("nd4j");
    assertThat(Engines.named("torch").name()).isEqualTo("torch");
  }

  @Test
  void automaticallyTheFastestIsTaken() {
    assertThat(Engines.named(Engines.AUTO).name()).isEqualTo("torch");
    assertThat(Engines.fastest(List.of(engine("nd4j", null), engine("torch", null))).name())
        .isEqualTo("torch");
  }

  @Test
  void automaticallyVectorUpscalesUnlessBf16IsMultiplied() {
    Engine vector = new VectorEngine();
    EngineOptions options = new EngineOptions(Device.AUTO, Precision.AUTO, 1, false);
    List<Engine> fp32 = List.of(engine("nd4j", null), engine("torch", null), vector);
    assertThat(Engines.fastestUpscaling(fp32, options)).isSameAs(vector);
    assertThat(Engines.fastestUpscaling(fp32, options.in(Precision.FP32))).isSameAs(vector);
    assertThat(Engines.fastestUpscaling(fp32, options.in(Precision.BF16)).name())
        .isEqualTo("torch");
    assertThat(Engines.fastestUpscaling(fp32, options.on(Device.of("cuda"))).name())
        .isEqualTo("torch");
    assertThat(Engines.fastest(List.of(vector, engine("nd4j", null))).name())
        .as("training")
        .isEqualTo("nd4j");
    List<Engine> bf16 = List.of(engine("torch", null, Precision.BF16), vector);
    assertThat(Engines.fastestUpscaling(bf16, options).name()).isEqualTo("torch");
    List<Engine> broken = List.of(engine("torch", "no natives", Precision.BF16), vector);
    assertThat(Engines.fastestUpscaling(broken, options)).isSameAs(vector);
  }

  @Test
  void automaticallyAnEngineThatCannotRunIsPassedOver() {
    assertThat(Engines.fastest(List.of(engine("torch", "no natives"), engine("nd4j", null))).name())
        .isEqualTo("nd4j");
  }

  @Test
  void whatHindersEveryEngineIsSaid() {
    assertThatThrownBy(() -> Engines.fastest(List.of(engine("torch", "no natives"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("torch: no natives");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Engines.named("tensorflow"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'tensorflow'")
        .hasMessageContaining("torch, nd4j, vector");
  }

  private static Engine engine(String name, String obstacle) {
    return engine(name, obstacle, Precision.FP32);
  }

  private static Engine engine(String name, String obstacle, Precision precision) {
    return new Engine() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Optional<String> obstacle() {
        return Optional.ofNullable(obstacle);
      }

      @Override
      public Precision precision(EngineOptions options) {
        return precision;
      }

      @Override
      public Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
        throw new UnsupportedOperationException(name);
      }

      @Override
      public Upscaler openUpscaler(
          UpscalerConfig config, INDArray parameters, EngineOptions options) {
        throw new UnsupportedOperationException(name);
      }
    };
  }
}
