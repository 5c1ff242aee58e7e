package dev.fovea.jobs.training.averaging.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.TaskContext;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** DL4J's view of a task's mini-batches: takes the next one, whose descriptor DL4J passes in. */
final class PlannedLoader implements MultiDataSetLoader {
  private static final long serialVersionUID = 1;

  @Override
  public MultiDataSet load(Source source) {
    try {
      return TaskBatches.of(TaskContext.get()).take(source.getPath());
    } catch (IOException e) {
      // DL4J would hide a checked exception behind advice about its own file format.
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
