package dev.fovea.averaging;

import dev.fovea.engine.Trainer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The open networks of this JVM. Opening one allocates on the device and may compile; so a task
 * that ended well leaves its network for the next one. What it left in it does not matter, because
 * a task begins with {@link Trainer#restore}. A JVM keeps the networks of one job.
 */
final class Residents {
  private static final Map<String, Deque<Trainer>> IDLE = new HashMap<>();

  private Residents() {}

  /** Takes a network for the task, which gives it back when it ends or closes it if it failed. */
  static Trainer checkOut(String job, TaskContext task, Supplier<Trainer> open) {
    closeIdleExcept(job);
    Trainer idle = poll(job);
    Trainer trainer = idle == null ? open.get() : idle;
    TaskCompletionListener giveBack =
        ended -> {
          if (ended.isFailed() || ended.isInterrupted()) {
            trainer.close();
          } else {
            push(job, trainer);
          }
        };
    task.addTaskCompletionListener(giveBack);
    return trainer;
  }

  /** Closes the networks of a job that no task uses. */
  static synchronized void closeIdle(String job) {
    Deque<Trainer> idle = IDLE.remove(job);
    if (idle != null) {
      idle.forEach(Trainer::close);
    }
  }

  private static synchronized void closeIdleExcept(String job) {
    for (Iterator<Map.Entry<String, Deque<Trainer>>> jobs = IDLE.entrySet().iterator();
        jobs.hasNext(); ) {
      Map.Entry<String, Deque<Trainer>> entry = jobs.next();
      if (!entry.getKey().equals(job)) {
        entry.getValue().forEach(Trainer::close);
        jobs.remove();
      }
    }
  }

  private static synchronized Trainer poll(String job) {
    Deque<Trainer> idle = IDLE.get(job);
    return idle == null ? null : idle.poll();
  }

  private static synchronized void push(String job, Trainer trainer) {
    IDLE.computeIfAbsent(job, key -> new ArrayDeque<>()).push(trainer);
  }
}
