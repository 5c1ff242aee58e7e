package dev.fovea.optim;

import org.nd4j.linalg.api.ndarray.INDArray;

/** One average per element, for parameters of fewer than two dimensions. */
final class WholeSecondMoment implements SecondMoment {
  private final INDArray variance;

  WholeSecondMoment(INDArray variance) {
    this.variance = variance;
  }

  @Override
  public INDArray advance(INDArray gradient, double weight, double epsilon) {
    INDArray scratch = SecondMoment.scratch(gradient);
    gradient.mul(gradient, scratch);
    scratch.muli(weight);
    variance.muli(1 - weight);
    variance.addi(scratch);
    scratch.assign(variance);
    return scratch;
  }
}
