package dev.fovea.model.optim;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.floating.SquaredNorm;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Row and column averages of the matrices in a parameter's last two dimensions. */
final class FactoredSecondMoment implements SecondMoment {
  private final long matrices;
  private final long rows;
  private final long columns;
  private final INDArray rowVariance;
  private final INDArray columnVariance;

  /**
   * @param variances [matrices * rows] row variances, then [matrices * columns] column variances
   */
  FactoredSecondMoment(INDArray variances, long matrices, long rows, long columns) {
    this.matrices = matrices;
    this.rows = rows;
    this.columns = columns;
    long split = matrices * rows;
    rowVariance = shaped(variances.get(NDArrayIndex.interval(0, split)), matrices, rows);
    columnVariance =
        shaped(variances.get(NDArrayIndex.interval(split, variances.length())), matrices, columns);
  }

  @Override
  public INDArray advance(INDArray gradient, double weight, double epsilon) {
    INDArray stacked = shaped(gradient, matrices, rows, columns);
    DataType type = gradient.dataType();
    INDArray rowScratch = Nd4j.createUninitialized(type, matrices, rows);
    INDArray columnScratch = Nd4j.createUninitialized(type, matrices, columns);
    INDArray mean = Nd4j.createUninitialized(type, matrices);
    INDArray estimate = Nd4j.createUninitialized(type, gradient.length());

    Nd4j.getExecutioner().exec(new SquaredNorm(stacked, rowScratch, 2));
    SecondMoment.mix(rowVariance, rowScratch, weight, columns);
    Nd4j.getExecutioner().exec(new SquaredNorm(stacked, columnScratch, 1));
    SecondMoment.mix(columnVariance, columnScratch, weight, rows);

    Nd4j.getExecutioner().exec(new Mean(rowVariance, mean, 1));
    Nd4j.getExecutioner().exec(new ScalarMax(mean, null, mean, epsilon));
    rowVariance.div(shaped(mean, matrices, 1), rowScratch);
    shaped(rowScratch, matrices, rows, 1)
        .mul(
            shaped(columnVariance, matrices, 1, columns),
            shaped(estimate, matrices, rows, columns));

    SecondMoment.release(rowScratch);
    SecondMoment.release(columnScratch);
    SecondMoment.release(mean);
    return estimate;
  }

  /** A view in 'c' order. The array form is spelt out: a 'c' among longs is read as 99. */
  private static INDArray shaped(INDArray contiguous, long... shape) {
    return contiguous.reshape('c', shape);
  }
}
