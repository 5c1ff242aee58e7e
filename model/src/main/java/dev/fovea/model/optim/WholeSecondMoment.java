package dev.fovea.model.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One average per element, for parameters of fewer than two dimensions. */
final class WholeSecondMoment implements SecondMoment {
  private final INDArray variance;

  WholeSecondMoment(INDArray variance) {
    this.variance = variance;
  }

  @Override
  public INDArray advance(INDArray gradient, double weight, double epsilon) {
    INDArray scratch = Nd4j.createUninitialized(gradient.dataType(), gradient.length());
    gradient.mul(gradient, scratch);
    SecondMoment.mix(variance, scratch, weight, 1);
    scratch.assign(variance);
    return scratch;
  }
}
