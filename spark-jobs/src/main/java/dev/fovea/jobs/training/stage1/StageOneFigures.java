package dev.fovea.jobs.training.stage1;

import dev.fovea.jobs.training.loop.EpochFigures;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.engine.StepFigures;
import java.util.LinkedHashMap;
import java.util.Map;

/** Means over the steps of an epoch of stage 1. */
final class StageOneFigures extends EpochFigures<StepFigures> {
  private final LossConfig config;
  private double reconstruction;
  private double totalVariation;
  private double gradientNorm;
  private long steps;

  StageOneFigures(LossConfig config) {
    this.config = config;
  }

  @Override
  protected void add(StepFigures step) {
    reconstruction += step.reconstruction();
    totalVariation += step.totalVariation();
    gradientNorm += step.gradientNorm();
    steps++;
  }

  private double loss() {
    return (reconstruction + config.tvPenalty() * totalVariation) / steps;
  }

  @Override
  protected String remark() {
    return "loss " + figure(loss());
  }

  @Override
  protected String text() {
    return "loss %s  tv %s  gradient norm %s"
        .formatted(figure(loss()), figure(totalVariation / steps), figure(gradientNorm / steps));
  }

  @Override
  protected Map<String, Double> events() {
    Map<String, Double> events = new LinkedHashMap<>();
    events.put("train/loss", loss());
    events.put("train/reconstruction", reconstruction / steps);
    events.put("train/tv", totalVariation / steps);
    events.put("train/gradient_norm", gradientNorm / steps);
    return events;
  }
}
