package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.UnusableBatchException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A mini-batch on its way through DL4J, with its place in the plan.
 *
 * <p>DL4J merges and splits what a loader returns until every piece has the configured number of
 * examples. Here a whole mini-batch is one example: its arrays get a leading dimension of 1 and the
 * configured number is 1, so that mini-batches of any size pass untouched.
 */
final class PlannedBatch extends MultiDataSet {
  private static final long serialVersionUID = 1;

  private final transient Descriptor descriptor;
  private final transient Batch batch;
  private final transient UnusableBatchException fault;

  private PlannedBatch(
      INDArray features,
      INDArray labels,
      Descriptor descriptor,
      Batch batch,
      UnusableBatchException fault) {
    super(features, labels);
    this.descriptor = descriptor;
    this.batch = batch;
    this.fault = fault;
  }

  static PlannedBatch of(Descriptor descriptor, Batch batch) {
    return new PlannedBatch(
        asOneExample(batch.lowResolution()),
        asOneExample(batch.highResolution()),
        descriptor,
        batch,
        null);
  }

  /** A mini-batch that cannot be made travels as one, because only the worker can end the task. */
  static PlannedBatch unusable(Descriptor descriptor, UnusableBatchException fault) {
    return new PlannedBatch(Nd4j.zeros(1, 1), Nd4j.zeros(1, 1), descriptor, null, fault);
  }

  private static INDArray asOneExample(INDArray array) {
    long[] shape = new long[array.rank() + 1];
    shape[0] = 1;
    System.arraycopy(array.shape(), 0, shape, 1, array.rank());
    return array.reshape(array.ordering(), shape);
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /** Null where the mini-batch is unusable. */
  Batch batch() {
    return batch;
  }

  /** Null where there is a mini-batch. */
  UnusableBatchException fault() {
    return fault;
  }

  List<String> names() {
    return batch.names();
  }

  /** Frees the arrays now: the garbage collector does not see how large they are. */
  void free() {
    batch.lowResolution().close();
    batch.highResolution().close();
  }
}
