package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.UnusableBatchException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The open mini-batches of a task. DL4J's loader sees one descriptor at a time; here the source has
 * seen all of the task's, and works ahead. Used by the task's thread.
 */
final class TaskBatches {
  private static final Map<TaskContext, TaskBatches> OPEN = new ConcurrentHashMap<>();

  private final List<String> lines;
  private final BatchStream stream;
  private int taken;
  private long nanosWaited;

  private TaskBatches(List<String> lines, BatchStream stream) {
    this.lines = lines;
    this.stream = stream;
  }

  /** Opens the mini-batches of a task, to be closed when the task ends in whatever way. */
  static void open(TaskContext task, BatchSource source, List<String> lines) {
    BatchStream stream =
        source.open(lines.stream().map(line -> Descriptor.parse(line).content()).toList());
    OPEN.put(task, new TaskBatches(lines, stream));
    TaskCompletionListener close =
        ended -> {
          OPEN.remove(ended);
          stream.close();
        };
    task.addTaskCompletionListener(close);
  }

  static TaskBatches of(TaskContext task) {
    TaskBatches batches = OPEN.get(task);
    if (batches == null) {
      throw new IllegalStateException(
          "task %d has no mini-batches".formatted(task.taskAttemptId()));
    }
    return batches;
  }

  PlannedBatch take(String line) throws IOException {
    if (taken == lines.size() || !lines.get(taken).equals(line)) {
      throw new IllegalStateException(
          "'%s' is not the task's mini-batch number %d".formatted(line, taken));
    }
    taken++;
    Descriptor descriptor = Descriptor.parse(line);
    long start = System.nanoTime();
    try {
      return PlannedBatch.of(descriptor, stream.next());
    } catch (UnusableBatchException e) {
      return PlannedBatch.unusable(descriptor, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a mini-batch", e);
    } finally {
      nanosWaited += System.nanoTime() - start;
    }
  }

  double secondsWaited() {
    return nanosWaited / 1e9;
  }
}
