package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelIdsTest {
  @Test
  void theLastElementIsEnoughWhereItDiffers() {
    assertThat(ModelIds.of(List.of("file:/runs/first", "file:/runs/second/")))
        .containsExactly("first", "second");
  }

  @Test
  void asMuchOfThePathIsKeptAsTellsThemApart() {
    assertThat(
            ModelIds.of(
                List.of("file:/a/checkpoint", "file:/b/checkpoint", "file:/b/b/checkpoint")))
        .containsExactly("a/checkpoint", "./b/checkpoint", "b/b/checkpoint");
  }

  @Test
  void bucketsTellPathsApartAndCredentialsStayOut() {
    assertThat(ModelIds.of(List.of("s3a://key:secret@one/model", "s3a://two/model")))
        .containsExactly("one/model", "two/model");
  }

  @Test
  void noModelIsCalledBicubic() {
    assertThat(ModelIds.of(List.of("file:/runs/bicubic"))).containsExactly("runs/bicubic");
  }

  @Test
  void theSamePathTwiceIsRefused() {
    assertThatThrownBy(() -> ModelIds.of(List.of("file:/a/m", "file:/a/m/")))
        .hasMessage("'file:/a/m' is named twice");
  }
}
