package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.spark.session.KeptOpen;
import dev.fovea.jobs.training.averaging.Learner;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The learners of this JVM. Opening one allocates on the device and may compile; so a task that
 * ended well leaves its learner for the next one. What it left in it does not matter, because a
 * task begins with {@link Learner#restore}. A JVM keeps the learners of one job.
 */
final class ResidentLearners {
  private static final KeptOpen<Learner<?>> IDLE = new KeptOpen<>(Learner::close);
  private static final String KIND = "learner";

  private ResidentLearners() {}

  /** Takes a learner for the task, which gives it back when it ends or closes it if it failed. */
  static Learner<?> checkOut(String job, TaskContext task, Supplier<Learner<?>> open) {
    IDLE.closeOthers(job);
    Learner<?> learner = IDLE.take(job, KIND).orElseGet(open);
    TaskCompletionListener giveBack =
        ended -> {
          if (ended.isFailed() || ended.isInterrupted()) {
            learner.close();
          } else {
            IDLE.giveBack(job, KIND, learner);
          }
        };
    task.addTaskCompletionListener(giveBack);
    return learner;
  }
}
