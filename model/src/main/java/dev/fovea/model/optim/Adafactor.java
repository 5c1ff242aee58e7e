package dev.fovea.model.optim;

import dev.fovea.model.config.AdafactorConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adafactor as {@code torch.optim.Adafactor} computes it (Shazeer and Stern, 2018), as a DL4J
 * updater configuration.
 *
 * <p>Adafactor works on one parameter at a time, and DL4J joins neighbouring parameters of equal
 * configuration into one block. So a layer holds an Adafactor without a parameter as its updater,
 * and its {@code getUpdaterByParam} answers {@link #forParameter}, which is unequal for unequal
 * names. The factor that depends on the parameter's values, max(eps2, RMS(parameter)), is not the
 * updater's to see: {@code getRegularizationByParam} answers a list of {@link #parameterScaling()}.
 *
 * <p>The state of a parameter is a part of DL4J's flat updater state, laid out as {@link #layout}
 * says:
 *
 * <pre>
 * 2 or more dimensions [.., R, C]:  step, row_variance [.., R, 1], column_variance [.., 1, C]
 * fewer dimensions:                 step, variance [shape]
 * </pre>
 *
 * all in 'c' order and of the parameters' data type, zero at the start. {@code step} counts the
 * steps taken; whoever reads it rounds to the nearest whole number, because a weighted mean of
 * equal numbers need not be exact.
 *
 * <p>The learning rate is the one thing that changes: {@link LearningRate#set} sets it in the
 * updaters of a graph before a step. Instances are not safe for use by several threads while it is
 * being set.
 */
public final class Adafactor implements ParameterUpdater {
  private static final long serialVersionUID = 1;

  private double learningRate;
  private final double beta2Decay;
  private final double eps2;
  private final double clipThreshold;
  private final double weightDecay;
  private final String parameter;
  private final long[] shape;

  private Adafactor(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("beta2Decay") double beta2Decay,
      @JsonProperty("eps2") double eps2,
      @JsonProperty("clipThreshold") double clipThreshold,
      @JsonProperty("weightDecay") double weightDecay,
      @JsonProperty("parameter") String parameter,
      @JsonProperty("shape") long[] shape) {
    this.learningRate = learningRate;
    this.beta2Decay = beta2Decay;
    this.eps2 = eps2;
    this.clipThreshold = clipThreshold;
    this.weightDecay = weightDecay;
    this.parameter = parameter;
    this.shape = shape;
  }

  /** Settings without a parameter, for a layer to hold. */
  public static Adafactor of(AdafactorConfig config) {
    return new Adafactor(
        config.learningRate(),
        config.beta2Decay(),
        config.eps2(),
        config.clipThreshold(),
        config.weightDecay(),
        null,
        null);
  }

  /**
   * These settings for one parameter.
   *
   * @param name unique in the network, such as {@code encoder.3.conv1.v}
   * @param shape the shape in PyTorch, whose 'c' order the flat parameter vector follows; it
   *     decides what is factored, so a gain is [O, 1, 1, 1] and a bias [O]
   * @throws IllegalArgumentException naming the parameter and the shape if a dimension is below 1
   */
  public Adafactor forParameter(String name, long... shape) {
    Objects.requireNonNull(name, "name");
    for (long dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "shape %s of parameter %s has a dimension below 1"
                .formatted(Arrays.toString(shape), name));
      }
    }
    return new Adafactor(
        learningRate, beta2Decay, eps2, clipThreshold, weightDecay, name, shape.clone());
  }

  /** What multiplies an update by max(eps2, RMS(parameter)) and adds the weight decay. */
  public Regularization parameterScaling() {
    return new ParameterScaling(eps2, weightDecay);
  }

  @Override
  public List<StateSlice> layout() {
    requireParameter();
    List<StateSlice> slices = new ArrayList<>();
    slices.add(new StateSlice(AdafactorUpdater.STEP, 0, List.of()));
    if (factored()) {
      int last = shape.length - 1;
      StateSlice rows = new StateSlice(AdafactorUpdater.ROW_VARIANCE, 1, shapeWithOneAt(last));
      slices.add(rows);
      slices.add(
          new StateSlice(
              AdafactorUpdater.COLUMN_VARIANCE, 1 + rows.length(), shapeWithOneAt(last - 1)));
    } else {
      slices.add(new StateSlice(AdafactorUpdater.VARIANCE, 1, shapeWithOneAt(-1)));
    }
    return List.copyOf(slices);
  }

  /** The settings without the parameter, with the learning rate of the moment. */
  public AdafactorConfig settings() {
    return new AdafactorConfig(learningRate, beta2Decay, eps2, clipThreshold, weightDecay);
  }

  @Override
  public String parameter() {
    return parameter;
  }

  @Override
  public long[] shape() {
    requireParameter();
    return shape.clone();
  }

  /** Whether the second moment is kept as rows and columns of the last two dimensions. */
  boolean factored() {
    return shape.length > 1;
  }

  double beta2Decay() {
    return beta2Decay;
  }

  double clipThreshold() {
    return clipThreshold;
  }

  long parameterLength() {
    long length = 1;
    for (long dimension : shape) {
      length = Math.multiplyExact(length, dimension);
    }
    return length;
  }

  /**
   * @throws IllegalStateException if {@code numParams} is not this parameter's length
   */
  @Override
  public long stateSize(long numParams) {
    requireParameter();
    if (numParams != parameterLength()) {
      throw new IllegalStateException(
          "parameter %s has %d elements, its updater was made for shape %s"
              .formatted(parameter, numParams, shapeWithOneAt(-1)));
    }
    StateSlice last = layout().get(layout().size() - 1);
    return last.offset() + last.length();
  }

  @Override
  public AdafactorUpdater instantiate(INDArray viewArray, boolean initializeViewArray) {
    AdafactorUpdater updater = new AdafactorUpdater(this);
    updater.setStateViewArray(viewArray, shape(), 'c', initializeViewArray);
    return updater;
  }

  @Override
  public GradientUpdater<Adafactor> instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    AdafactorUpdater updater = new AdafactorUpdater(this);
    updater.setState(updaterState, initializeStateArrays);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRate;
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  /**
   * Sets the learning rate of the next steps.
   *
   * @throws IllegalArgumentException if the rate is negative or not finite, or a schedule is given:
   *     schedules are the training loop's
   */
  @Override
  public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
    if (lrSchedule != null) {
      throw new IllegalArgumentException(
          "schedule %s given: Adafactor takes a learning rate per step".formatted(lrSchedule));
    }
    if (!(lr >= 0) || Double.isInfinite(lr)) {
      throw new IllegalArgumentException("learning rate %s is not 0 or more".formatted(lr));
    }
    learningRate = lr;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public Adafactor clone() {
    return new Adafactor(
        learningRate, beta2Decay, eps2, clipThreshold, weightDecay, parameter, shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Adafactor that
        && Double.compare(learningRate, that.learningRate) == 0
        && Double.compare(beta2Decay, that.beta2Decay) == 0
        && Double.compare(eps2, that.eps2) == 0
        && Double.compare(clipThreshold, that.clipThreshold) == 0
        && Double.compare(weightDecay, that.weightDecay) == 0
        && Objects.equals(parameter, that.parameter)
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return Objects.hash(beta2Decay, eps2, clipThreshold, weightDecay, parameter);
  }

  @Override
  public String toString() {
    return "Adafactor[parameter=%s, learningRate=%s, beta2Decay=%s, eps2=%s, d=%s, weightDecay=%s]"
        .formatted(parameter, learningRate, beta2Decay, eps2, clipThreshold, weightDecay);
  }

  private List<Long> shapeWithOneAt(int index) {
    List<Long> result = new ArrayList<>(shape.length);
    for (int i = 0; i < shape.length; i++) {
      result.add(i == index ? 1 : shape[i]);
    }
    return result;
  }

  private void requireParameter() {
    if (parameter == null) {
      throw new IllegalStateException(
          "these Adafactor settings are for no parameter: a layer's getUpdaterByParam has to answer"
              + " forParameter(name, shape)");
    }
  }
}
