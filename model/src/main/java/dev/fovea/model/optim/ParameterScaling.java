package dev.fovea.model.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The part of Adafactor that looks at the parameter: after the updater, the update becomes
 * max(eps2, RMS(parameter)) * update + lr * weightDecay * parameter, which DL4J then subtracts.
 *
 * @param eps2 floor of the scale
 * @param weightDecay decoupled weight decay
 */
public record ParameterScaling(
    @JsonProperty("eps2") double eps2, @JsonProperty("weightDecay") double weightDecay)
    implements Regularization {

  @Override
  public ApplyStep applyStep() {
    return ApplyStep.POST_UPDATER;
  }

  @Override
  public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
    gradView.muli(Math.max(eps2, GlobalNorm.of(param) / Math.sqrt((double) param.length())));
    if (weightDecay > 0) {
      Nd4j.exec(new Axpy(param, gradView, gradView, lr * weightDecay));
    }
  }

  /** Adds nothing to the loss. */
  @Override
  public double score(INDArray param, int iteration, int epoch) {
    return 0;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ParameterScaling clone() {
    return this;
  }
}
