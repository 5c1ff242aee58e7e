package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final Set<String> KNOWN = Set.of("--train-images-path", "--seed", "--spark-conf");

  @Test
  void onlyNamesOfKnownOptionsAreRespelt() {
    assertThat(
            Spelling.normalised(
                List.of(
                    "--train_images_path",
                    "a_b",
                    "--train_images_path=c_d",
                    "--train_images-path",
                    "--spark-conf=spark.x_y=1",
                    "--un_known",
                    "-x_y",
                    "--",
                    "--train_images_path"),
                KNOWN))
        .containsExactly(
            "--train-images-path",
            "a_b",
            "--train-images-path=c_d",
            "--train-images-path",
            "--spark-conf=spark.x_y=1",
            "--un_known",
            "-x_y",
            "--",
            "--train_images_path");
  }

  @Test
  void theNearestWordIsOneThatCanHaveBeenMeant() {
    assertThat(Spelling.nearest("--sead", KNOWN)).contains("--seed");
    assertThat(Spelling.nearest("--train_image_path", KNOWN)).contains("--train-images-path");
    assertThat(Spelling.nearest("--colour", KNOWN)).isEmpty();
  }

  @Property
  void distanceIsAMetric(
      @ForAll @AlphaChars @StringLength(max = 8) String a,
      @ForAll @AlphaChars @StringLength(max = 8) String b,
      @ForAll @AlphaChars @StringLength(max = 8) String c) {
    assertThat(Spelling.distance(a, b)).isEqualTo(Spelling.distance(b, a));
    assertThat(Spelling.distance(a, b) == 0).isEqualTo(a.equals(b));
    assertThat(Spelling.distance(a, c))
        .isLessThanOrEqualTo(Spelling.distance(a, b) + Spelling.distance(b, c));
  }
}
