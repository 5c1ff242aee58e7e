package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Phase;
import java.util.LinkedHashMap;
import java.util.Map;

/** The learning rates of the networks that a step trains, for people and as events. */
record Rates(Map<String, Double> events) {
  static Rates of(Instruction instruction) {
    Map<String, Double> events = new LinkedHashMap<>();
    if (instruction.phase() != Phase.WARM_UP) {
      events.put("train/learning_rate", instruction.learningRate());
    }
    if (instruction.phase() != Phase.RECONSTRUCTION) {
      events.put("train/critic_learning_rate", instruction.criticLearningRate());
    }
    return new Rates(events);
  }

  String text() {
    return String.join(", ", events.values().stream().map(EpochFigures::figure).toList());
  }
}
