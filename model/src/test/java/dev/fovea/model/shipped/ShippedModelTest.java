package dev.fovea.model.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.SuperResolution;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ShippedModelTest {
  @Test
  void everyModelOpensAndSaysWhereItComesFrom() throws IOException {
    assertThat(ShippedModel.all()).isNotEmpty();
    for (ShippedModel model : ShippedModel.all()) {
      TrainedUpscaler upscaler = model.upscaler();
      assertThat(upscaler.parameters().length()).isEqualTo(model.config().parameterCount());
      upscaler.parameters().close();
      assertThat(model.storedBytes())
          .as("half precision")
          .isLessThan(2 * model.config().parameterCount() + 20_000);
      assertThat(model.name())
          .isEqualTo("x%d-%s", model.config().upscaleRatio(), model.card().size());
      assertThat(model.card().trainedBy()).isNotBlank();
      assertThat(model.card().data()).isNotBlank();
      assertThat(model.card().terms()).isNotBlank();
      assertThat(model.card().quality())
          .extracting(ShippedModelCard.Quality::dataset)
          .containsExactly("Set5", "Set14", "B100");
    }
  }

  @Test
  void aModelIsFoundByNameAndBySize() {
    assertThat(ShippedModel.named("x4-quality")).isEqualTo(ShippedModel.of(4, "quality"));
    assertThat(ShippedModel.named("x4-quality")).isPresent();
    assertThat(ShippedModel.named("x3-quality")).isEmpty();
    assertThat(ShippedModel.of(3, "quality")).isEmpty();
  }

  @Test
  void aCheckpointOfItStartsAnOptimizerAndKeepsTheTerms() throws IOException {
    ShippedModel model = ShippedModel.named("x4-quality").orElseThrow();

    Checkpoint checkpoint = model.checkpoint();

    assertThat(checkpoint.updaterState().maxNumber().doubleValue()).isZero();
    assertThat(checkpoint.state().step()).isEqualTo(model.card().step());
    assertThat(checkpoint.state().settings())
        .containsEntry(TrainingState.DATA_TERMS, model.card().terms());
  }

  @Test
  void theLibraryLoadsAShippedModelByItsName() throws IOException {
    float[] grey = new float[3 * 9 * 7];
    Arrays.fill(grey, 0.5f);
    try (SuperResolution model = SuperResolution.load(Path.of("x4-quality"))) {
      float[] large = model.upscale(grey, 9, 7);

      assertThat(large).hasSize(3 * 36 * 28);
      for (float value : large) {
        assertThat(value).isBetween(0.4f, 0.6f);
      }
    }
  }
}
