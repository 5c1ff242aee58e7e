package dev.fovea.model.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running average of the squared gradient, whole or factored, in a view of the state. */
interface SecondMoment {
  /**
   * Moves the average towards the square of the gradient by the given weight.
   *
   * @param gradient flat; left as it is
   * @param weight of the new square, above 0 and at most 1
   * @param epsilon floor of the divisor of a factored estimate
   * @return the estimate of the second moment, flat and as long as the gradient; the caller's
   */
  INDArray advance(INDArray gradient, double weight, double epsilon);

  /** The second moment in the form that the parameter's shape asks for. */
  static SecondMoment of(Adafactor config, INDArray state) {
    INDArray variances = state.get(NDArrayIndex.interval(1, state.length()));
    if (!config.factored()) {
      return new WholeSecondMoment(variances);
    }
    long[] shape = config.shape();
    long rows = shape[shape.length - 2];
    long columns = shape[shape.length - 1];
    long matrices = config.parameterLength() / (rows * columns);
    return new FactoredSecondMoment(variances, matrices, rows, columns);
  }

  /** average = (1 - weight) * average + weight * sums / count; the sums are overwritten. */
  static void mix(INDArray average, INDArray sums, double weight, long count) {
    sums.muli(weight / count);
    average.muli(1 - weight);
    average.addi(sums);
  }

  /** Frees scratch memory at once, where no workspace owns it. */
  static void release(INDArray scratch) {
    if (scratch.closeable()) {
      scratch.close();
    }
  }
}
