package dev.fovea.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running average of the squared gradient, whole or factored, in a view of the state. */
interface SecondMoment {
  /**
   * The largest matrix of the last two dimensions that is summed by a constant matrix of zeros and
   * ones. Kernels are far below it, dense layers far above.
   */
  long LARGEST_KERNEL = 256;

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
    return rows * columns <= LARGEST_KERNEL
        ? new KernelSecondMoment(variances, matrices, rows, columns)
        : new MatrixSecondMoment(variances, matrices, rows, columns);
  }

  /** A matrix in 'f' order over elements of a flat array, without a copy. */
  static INDArray columnMajor(INDArray flat, long offset, long rows, long columns) {
    return flat.get(NDArrayIndex.interval(offset, offset + rows * columns))
        .reshape('f', new long[] {rows, columns});
  }

  /** Frees scratch memory at once, where no workspace owns it. */
  static void release(INDArray scratch) {
    if (scratch.closeable()) {
      scratch.close();
    }
  }

  /** Uninitialised memory of the gradient's length and type. */
  static INDArray scratch(INDArray gradient) {
    return Nd4j.createUninitialized(gradient.dataType(), gradient.length());
  }
}
