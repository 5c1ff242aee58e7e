package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.training.loop.EpochFigures;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialFigures.OfCritic;
import dev.fovea.model.engine.AdversarialFigures.OfUpscaler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Means over the steps of an epoch of stage 2; the upscaler's over those it took. */
final class StageTwoFigures extends EpochFigures<AdversarialFigures> {
  /** A mean critic loss below this is zero to a person. */
  static final double COLLAPSED_LOSS = 1e-4;

  private double criticLoss;
  private double criticGradientNorm;
  private double accuracyOnReal;
  private double accuracyOnFake;
  private long criticSteps;

  private double reconstruction;
  private double totalVariation;
  private double adversarial;
  private double gradientNorm;
  private long upscalerSteps;

  @Override
  protected void add(AdversarialFigures step) {
    OfCritic critic = step.critic();
    criticLoss += critic.loss();
    criticGradientNorm += critic.gradientNorm();
    accuracyOnReal += critic.accuracyOnReal();
    accuracyOnFake += critic.accuracyOnFake();
    criticSteps++;
    step.upscaler().ifPresent(this::add);
  }

  private void add(OfUpscaler step) {
    reconstruction += step.reconstruction();
    totalVariation += step.totalVariation();
    adversarial += step.adversarial();
    gradientNorm += step.gradientNorm();
    upscalerSteps++;
  }

  @Override
  protected String remark() {
    return upscalerSteps == 0
        ? "critic loss " + figure(criticLoss / criticSteps)
        : "l2 %s  critic loss %s"
            .formatted(figure(reconstruction / upscalerSteps), figure(criticLoss / criticSteps));
  }

  @Override
  protected String text() {
    String critic =
        String.format(
            Locale.ROOT,
            "critic loss %s  gradient norm %s  accuracy %.1f %% on real, %.1f %% on fake",
            figure(criticLoss / criticSteps),
            figure(criticGradientNorm / criticSteps),
            100 * accuracyOnReal / criticSteps,
            100 * accuracyOnFake / criticSteps);
    return upscalerSteps == 0
        ? "warm-up: " + critic
        : "reconstruction %s  tv %s  adversarial %s  gradient norm %s  %s"
            .formatted(
                figure(reconstruction / upscalerSteps),
                figure(totalVariation / upscalerSteps),
                figure(adversarial / upscalerSteps),
                figure(gradientNorm / upscalerSteps),
                critic);
  }

  @Override
  protected Map<String, Double> events() {
    Map<String, Double> events = new LinkedHashMap<>();
    if (upscalerSteps > 0) {
      events.put("train/reconstruction", reconstruction / upscalerSteps);
      events.put("train/tv", totalVariation / upscalerSteps);
      events.put("train/adversarial", adversarial / upscalerSteps);
      events.put("train/gradient_norm", gradientNorm / upscalerSteps);
    }
    events.put("train/critic_loss", criticLoss / criticSteps);
    events.put("train/critic_gradient_norm", criticGradientNorm / criticSteps);
    events.put("train/critic_accuracy_real", accuracyOnReal / criticSteps);
    events.put("train/critic_accuracy_fake", accuracyOnFake / criticSteps);
    return events;
  }

  /** A critic that is always right tells the upscaler nothing about which way to go. */
  @Override
  protected List<Warning> warnings() {
    boolean perfect = accuracyOnReal == criticSteps && accuracyOnFake == criticSteps;
    boolean noLoss = criticLoss / criticSteps < COLLAPSED_LOSS;
    return perfect || noLoss
        ? List.of(
            new Warning(
                "warning/critic_collapsed",
                "the critic has collapsed: loss %s, %s; a smaller %s or"
                        .formatted(
                            figure(criticLoss / criticSteps),
                            perfect ? "every picture told right" : "near zero",
                            Setting.CRITIC_LEARNING_RATE)
                    + " %s leaves the upscaler something to learn from it"
                        .formatted(Setting.CRITIC_WARMUP_EPOCHS)))
        : List.of();
  }
}
