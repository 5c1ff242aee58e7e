package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.epoch.EpochPlan;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.TrainingRows;
import java.util.ArrayList;
import java.util.List;

/** The optimiser steps of a run, one after another, without end. Not thread-safe. */
interface StepSource {
  /** Small, because noise cannot be learnt and a loss that is not finite ends a round. */
  Instruction INSTRUCTION = Instruction.reconstruction(1e-5);

  /** The next steps. */
  List<StepPlan> next(int steps);

  /** Steps of one mini-batch of noise. */
  static StepSource ofNoise(int batchSize) {
    return new StepSource() {
      private long number;

      @Override
      public List<StepPlan> next(int steps) {
        List<StepPlan> plans = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
          plans.add(
              new StepPlan(++number, INSTRUCTION, List.of(new BatchPlan(batchSize, "noise"))));
        }
        return plans;
      }
    };
  }

  /** Steps over whole epochs of pictures. */
  static StepSource ofPictures(TrainingRows pictures, EpochSettings settings) {
    return new StepSource() {
      private EpochPlan plan = EpochPlan.of(pictures, settings, 0);
      private int epoch;
      private int at;
      private long before;

      @Override
      public List<StepPlan> next(int steps) {
        List<StepPlan> plans = new ArrayList<>(steps);
        while (plans.size() < steps) {
          if (at == plan.steps()) {
            before += at;
            at = 0;
            plan = EpochPlan.of(pictures, settings, ++epoch);
          }
          int to = Math.min(plan.steps(), at + steps - plans.size());
          plans.addAll(plan.steps(at, to, before, behind -> INSTRUCTION));
          at = to;
        }
        return plans;
      }
    };
  }
}
