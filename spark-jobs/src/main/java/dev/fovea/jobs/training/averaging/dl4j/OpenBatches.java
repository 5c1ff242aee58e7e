package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.BatchSource;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Turns a partition's one element, a worker's descriptors, into descriptors one by one, and opens
 * their mini-batches: in the same task and before DL4J fetches the broadcast.
 */
final class OpenBatches implements FlatMapFunction<Iterator<List<String>>, String> {
  private static final long serialVersionUID = 1;

  private final BatchSource source;

  OpenBatches(BatchSource source) {
    this.source = source;
  }

  @Override
  public Iterator<String> call(Iterator<List<String>> worker) {
    List<String> lines = worker.next();
    TaskBatches.open(TaskContext.get(), source, lines);
    return lines.iterator();
  }
}
