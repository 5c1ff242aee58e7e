package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class EnginesTest {
  @Test
  void bothEnginesAreFound() {
    assertThat(Engines.available())
        .extracting(Engine::name)
        .containsExactlyInAnyOrder("torch", "nd4j");
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
        .hasMessageContaining("torch, nd4j");
  }

  private static Engine engine(String name, String obstacle) {
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
        throw new UnsupportedOperationException();
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
