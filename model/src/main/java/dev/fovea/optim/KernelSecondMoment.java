package dev.fovea.optim;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Row and column averages of many small matrices, such as the kernels of a convolution.
 *
 * <p>Reducing or broadcasting along a dimension of 3 costs ND4J more than the arithmetic, so the
 * sums over rows and columns, and the way back, are products with constant matrices of zeros and
 * ones: one matrix product each for all kernels.
 */
final class KernelSecondMoment implements SecondMoment {
  private final long kernels;
  private final long rows;
  private final long columns;
  private final INDArray rowVariance;
  private final INDArray columnVariance;
  private final INDArray rowSum;
  private final INDArray columnSum;
  private final INDArray rowMean;

  KernelSecondMoment(INDArray variances, long kernels, long rows, long columns) {
    this.kernels = kernels;
    this.rows = rows;
    this.columns = columns;
    rowVariance = SecondMoment.columnMajor(variances, 0, rows, kernels);
    columnVariance = SecondMoment.columnMajor(variances, rows * kernels, columns, kernels);
    DataType type = variances.dataType();
    // Detached: the network may be built inside a workspace, which would reuse their memory.
    rowSum = Nd4j.create(type, new long[] {rows, rows * columns}, 'f').detach();
    columnSum = Nd4j.create(type, new long[] {columns, rows * columns}, 'f').detach();
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column++) {
        rowSum.putScalar(row, row * columns + column, 1);
        columnSum.putScalar(column, row * columns + column, 1);
      }
    }
    rowMean = Nd4j.create(type, new long[] {rows, rows}, 'f').assign(1.0 / rows).detach();
  }

  @Override
  public INDArray advance(INDArray gradient, double weight, double epsilon) {
    INDArray first = SecondMoment.scratch(gradient);
    gradient.mul(gradient, first);
    INDArray squares = SecondMoment.columnMajor(first, 0, rows * columns, kernels);
    Nd4j.gemm(rowSum, squares, rowVariance, false, false, weight / columns, 1 - weight);
    Nd4j.gemm(columnSum, squares, columnVariance, false, false, weight / rows, 1 - weight);

    INDArray divisor = Nd4j.createUninitialized(gradient.dataType(), rows * kernels);
    INDArray relativeRows = SecondMoment.columnMajor(divisor, 0, rows, kernels);
    Nd4j.gemm(rowMean, rowVariance, relativeRows, false, false, 1, 0);
    Nd4j.getExecutioner().exec(new ScalarMax(divisor, null, divisor, epsilon));
    rowVariance.div(relativeRows, relativeRows);

    INDArray second = SecondMoment.scratch(gradient);
    INDArray spread = SecondMoment.columnMajor(second, 0, rows * columns, kernels);
    Nd4j.gemm(rowSum, relativeRows, squares, true, false, 1, 0);
    Nd4j.gemm(columnSum, columnVariance, spread, true, false, 1, 0);
    first.muli(second);
    SecondMoment.release(second);
    SecondMoment.release(divisor);
    return first;
  }
}
