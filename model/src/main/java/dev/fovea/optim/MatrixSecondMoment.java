package dev.fovea.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Row and column averages of a few large matrices, such as the weights of a dense layer. */
final class MatrixSecondMoment implements SecondMoment {
  private final INDArray variances;
  private final long matrices;
  private final long rows;
  private final long columns;
  private final INDArray ones;

  MatrixSecondMoment(INDArray variances, long matrices, long rows, long columns) {
    this.variances = variances;
    this.matrices = matrices;
    this.rows = rows;
    this.columns = columns;
    // Detached: the network may be built inside a workspace, which would reuse its memory.
    ones = Nd4j.ones(variances.dataType(), Math.max(rows, columns)).detach();
  }

  @Override
  public INDArray advance(INDArray gradient, double weight, double epsilon) {
    INDArray scratch = SecondMoment.scratch(gradient);
    gradient.mul(gradient, scratch);
    for (long matrix = 0; matrix < matrices; matrix++) {
      // Row-major [rows, columns] is column-major [columns, rows].
      INDArray squares = SecondMoment.columnMajor(scratch, matrix * rows * columns, columns, rows);
      INDArray row = SecondMoment.columnMajor(variances, matrix * rows, rows, 1);
      INDArray column =
          SecondMoment.columnMajor(variances, matrices * rows + matrix * columns, columns, 1);
      INDArray columnOnes = SecondMoment.columnMajor(ones, 0, columns, 1);
      INDArray rowOnes = SecondMoment.columnMajor(ones, 0, rows, 1);
      Nd4j.gemm(squares, columnOnes, row, true, false, weight / columns, 1 - weight);
      Nd4j.gemm(squares, rowOnes, column, false, false, weight / rows, 1 - weight);
      double divisor = Math.max(row.sumNumber().doubleValue() / rows, epsilon);
      Nd4j.gemm(column, row, squares, false, true, 1 / divisor, 0);
    }
    return scratch;
  }
}
