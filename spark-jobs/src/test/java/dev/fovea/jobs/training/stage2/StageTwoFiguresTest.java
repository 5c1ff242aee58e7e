package dev.fovea.jobs.training.stage2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialFigures.OfCritic;
import dev.fovea.model.engine.AdversarialFigures.OfUpscaler;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageTwoFiguresTest {
  private final StageTwoFigures epoch = new StageTwoFigures();

  @Test
  void upscalersFiguresAreMeansOverTheStepsItTook() {
    epoch.add(critic(0.8, 0.5, 0.5));
    epoch.add(
        new AdversarialFigures(
            new OfCritic(0.4, 2, 1, 0.75), Optional.of(new OfUpscaler(0.02, 0.01, 0.9, 3))));

    assertThat(epoch.events())
        .containsEntry("train/reconstruction", 0.02)
        .containsEntry("train/tv", 0.01)
        .containsEntry("train/adversarial", 0.9)
        .containsEntry("train/gradient_norm", 3.0)
        .containsEntry("train/critic_gradient_norm", 1.5)
        .containsEntry("train/critic_accuracy_real", 0.75)
        .containsEntry("train/critic_accuracy_fake", 0.625)
        .hasEntrySatisfying("train/critic_loss", loss -> assertThat(loss).isBetween(.599, .601));
    assertThat(epoch.warnings()).isEmpty();
  }

  @Test
  void warmUpHasNoFiguresOfTheUpscaler() {
    epoch.add(critic(0.6, 0.7, 0.8));

    assertThat(epoch.events()).doesNotContainKeys("train/reconstruction", "train/adversarial");
    assertThat(epoch.text())
        .startsWith("warm-up: critic loss 0.6000")
        .contains("accuracy 70.0 % on real, 80.0 % on fake");
  }

  @Test
  void criticThatIsAlwaysRightIsReported() {
    epoch.add(critic(0.2, 1, 1));
    epoch.add(critic(0.1, 1, 1));

    assertThat(epoch.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.event()).isEqualTo("warning/critic_collapsed");
              assertThat(warning.text()).contains("collapsed", "every picture told right");
            });
  }

  @Test
  void criticWithoutLossIsReported() {
    epoch.add(critic(1e-6, 1, 0.99));

    assertThat(epoch.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains("loss 1.000e-06, near zero"));
  }

  @Test
  void oneMistakeInAnEpochIsNoCollapse() {
    epoch.add(critic(0.2, 1, 1));
    epoch.add(critic(0.2, 1, 0.875));

    assertThat(epoch.warnings()).isEmpty();
  }

  private static AdversarialFigures critic(double loss, double real, double fake) {
    return new AdversarialFigures(new OfCritic(loss, 1, real, fake), Optional.empty());
  }
}
