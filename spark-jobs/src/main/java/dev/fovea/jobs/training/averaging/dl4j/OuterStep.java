package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.OuterMomentum;
import dev.fovea.model.arrays.HostCopy;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Takes the steps of {@link OuterMomentum}, and remembers the velocity. Not thread-safe. */
final class OuterStep {
  private final OuterMomentum settings;
  private float[] velocity;

  OuterStep(OuterMomentum settings) {
    this.settings = settings;
  }

  /**
   * Where the parameters go.
   *
   * @param start of the round, [1, P]; not changed
   * @param mean of what the workers made of it, [1, P]
   * @param rate the mean learning rate of the round's steps, above 0
   */
  INDArray from(INDArray start, INDArray mean, double rate) {
    if (settings.equals(OuterMomentum.OFF)) {
      return mean;
    }
    float[] x = values(start);
    float[] m = values(mean);
    if (velocity == null) {
      velocity = new float[x.length];
    }
    for (int i = 0; i < x.length; i++) {
      velocity[i] = (float) (settings.momentum() * velocity[i] + (x[i] - m[i]) / rate);
      x[i] -= (float) (settings.learningRate() * rate * velocity[i]);
    }
    return Nd4j.createFromArray(x).reshape('c', mean.shape());
  }

  /** The velocity, [1, P]; empty before the first step and where plain means are taken. */
  Optional<INDArray> velocity() {
    return velocity == null
        ? Optional.empty()
        : Optional.of(Nd4j.createFromArray(velocity).reshape('c', 1, velocity.length));
  }

  /** Goes on with an earlier velocity, [1, P]. */
  void restore(INDArray earlier) {
    velocity = values(earlier);
  }

  private static float[] values(INDArray vector) {
    float[] values = new float[Math.toIntExact(vector.length())];
    HostCopy.read(vector, 0, values.length, values);
    return values;
  }
}
