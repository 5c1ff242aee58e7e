package dev.fovea.model.optim;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The updater of numbers that lie in the flat parameter vector, so that they are averaged and
 * stored with it, but that a layer itself moves while it is trained. It has no state and leaves
 * their gradient, which is zero, as it is.
 */
public final class RunningStatistic implements ParameterUpdater {
  private static final long serialVersionUID = 1;

  private final String parameter;
  private final long[] shape;

  /**
   * @param parameter unique in the network, such as {@code stem.norm.mean}
   * @param shape its shape in PyTorch
   */
  public RunningStatistic(String parameter, long... shape) {
    this.parameter = Objects.requireNonNull(parameter, "parameter");
    this.shape = shape.clone();
  }

  @Override
  public String parameter() {
    return parameter;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Nothing. */
  @Override
  public List<StateSlice> layout() {
    return List.of();
  }

  @Override
  public long stateSize(long numParams) {
    return 0;
  }

  @Override
  public GradientUpdater<RunningStatistic> instantiate(
      INDArray viewArray, boolean initializeViewArray) {
    return new Unmoved(this);
  }

  @Override
  public GradientUpdater<RunningStatistic> instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    return new Unmoved(this);
  }

  @Override
  public boolean hasLearningRate() {
    return false;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return Double.NaN;
  }

  /**
   * @throws UnsupportedOperationException always
   */
  @Override
  public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
    throw new UnsupportedOperationException(parameter + " has no learning rate");
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // immutable
  public RunningStatistic clone() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunningStatistic that
        && parameter.equals(that.parameter)
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return parameter.hashCode();
  }

  @Override
  public String toString() {
    return "RunningStatistic[parameter=%s]".formatted(parameter);
  }

  /** Has nothing to do. */
  private record Unmoved(RunningStatistic config) implements GradientUpdater<RunningStatistic> {
    @Override
    public RunningStatistic getConfig() {
      return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialize) {
      // has none
    }

    @Override
    public Map<String, INDArray> getState() {
      return Map.of();
    }

    @Override
    public void setStateViewArray(
        INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
      // has none
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      // the layer moves the numbers
    }
  }
}
