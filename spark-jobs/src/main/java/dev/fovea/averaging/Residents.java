package dev.fovea.averaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The learners of this JVM. Opening one allocates on the device and may compile; so a task that
 * ended well leaves its learner for the next one. What it left in it does not matter, because a
 * task begins with {@link Learner#restore}. A JVM keeps the learners of one job.
 */
final class Residents {
  private static final Map<String, Deque<Learner<?>>> IDLE = new HashMap<>();

  private Residents() {}

  /** Takes a learner for the task, which gives it back when it ends or closes it if it failed. */
  static Learner<?> checkOut(String job, TaskContext task, Supplier<Learner<?>> open) {
    closeIdleExcept(job);
    Learner<?> idle = poll(job);
    Learner<?> learner = idle == null ? open.get() : idle;
    TaskCompletionListener giveBack =
        ended -> {
          if (ended.isFailed() || ended.isInterrupted()) {
            learner.close();
          } else {
            push(job, learner);
          }
        };
    task.addTaskCompletionListener(giveBack);
    return learner;
  }

  /** Closes the learners of a job that no task uses. */
  static synchronized void closeIdle(String job) {
    Deque<Learner<?>> idle = IDLE.remove(job);
    if (idle != null) {
      idle.forEach(Learner::close);
    }
  }

  private static synchronized void closeIdleExcept(String job) {
    for (Iterator<Map.Entry<String, Deque<Learner<?>>>> jobs = IDLE.entrySet().iterator();
        jobs.hasNext(); ) {
      Map.Entry<String, Deque<Learner<?>>> entry = jobs.next();
      if (!entry.getKey().equals(job)) {
        entry.getValue().forEach(Learner::close);
        jobs.remove();
      }
    }
  }

  private static synchronized Learner<?> poll(String job) {
    Deque<Learner<?>> idle = IDLE.get(job);
    return idle == null ? null : idle.poll();
  }

  private static synchronized void push(String job, Learner<?> learner) {
    IDLE.computeIfAbsent(job, key -> new ArrayDeque<>()).push(learner);
  }
}
