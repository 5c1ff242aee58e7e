package dev.fovea.model.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Turns the gradient of one parameter into Adafactor's update, all but the factor that {@link
 * ParameterScaling} adds. Its state is a view of DL4J's flat updater state. Not thread-safe.
 */
public final class AdafactorUpdater implements GradientUpdater<Adafactor> {
  static final String STEP = "step";
  static final String ROW_VARIANCE = "row_variance";
  static final String COLUMN_VARIANCE = "column_variance";
  static final String VARIANCE = "variance";

  private final Adafactor config;
  private INDArray state;
  private SecondMoment secondMoment;

  AdafactorUpdater(Adafactor config) {
    this.config = config;
  }

  @Override
  public Adafactor getConfig() {
    return config;
  }

  @Override
  public void setStateViewArray(
      INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
    long expected = config.stateSize(config.parameterLength());
    if (viewArray == null || viewArray.length() != expected) {
      throw new IllegalStateException(
          "updater state of %s has %s elements, not %d: do several parameters share one updater?"
              .formatted(
                  config.parameter(), viewArray == null ? "no" : viewArray.length(), expected));
    }
    if (initialize) {
      viewArray.assign(0);
    }
    state = viewArray.reshape(new long[] {expected});
    secondMoment = SecondMoment.of(config, state);
  }

  /** The arrays of {@link Adafactor#layout} by name, as views of the state, each flat. */
  @Override
  public Map<String, INDArray> getState() {
    Map<String, INDArray> result = new LinkedHashMap<>();
    for (StateSlice slice : config.layout()) {
      result.put(
          slice.name(),
          state.get(NDArrayIndex.interval(slice.offset(), slice.offset() + slice.length())));
    }
    return result;
  }

  /** Takes copies of the arrays of {@link Adafactor#layout}, by name. */
  @Override
  public void setState(Map<String, INDArray> stateMap, boolean initialize) {
    DataType type = stateMap.values().iterator().next().dataType();
    INDArray flat = Nd4j.create(type, config.stateSize(config.parameterLength()));
    for (StateSlice slice : config.layout()) {
      INDArray part = stateMap.get(slice.name());
      if (part == null || part.length() != slice.length()) {
        throw new IllegalStateException(
            "updater state of %s needs %s with %d elements, found %s"
                .formatted(
                    config.parameter(),
                    slice.name(),
                    slice.length(),
                    part == null ? stateMap.keySet() : part.length()));
      }
      flat.get(NDArrayIndex.interval(slice.offset(), slice.offset() + slice.length()))
          .assign(part.reshape(new long[] {slice.length()}));
    }
    setStateViewArray(flat, config.shape(), 'c', initialize);
  }

  /**
   * Replaces the gradient by min(lr, 1/sqrt(step)) / max(1, RMS(u)/d) * u, where u is the gradient
   * over the root of its second moment.
   *
   * @param gradient flat, of the parameter's length
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    long length = config.parameterLength();
    if (gradient.length() != length) {
      throw new IllegalStateException(
          "gradient of %s has %d elements, not %d"
              .formatted(config.parameter(), gradient.length(), length));
    }
    INDArray flat = gradient.reshape(new long[] {length});
    double step = Math.rint(state.getDouble(0)) + 1;
    state.putScalar(0, step);
    double epsilon = epsilon(flat.dataType());

    INDArray estimate = secondMoment.advance(flat, Math.pow(step, config.beta2Decay()), epsilon);
    Nd4j.getExecutioner().exec(new ScalarMax(estimate, null, estimate, epsilon * epsilon));
    Nd4j.getExecutioner().exec(new RSqrt(estimate, estimate));
    flat.muli(estimate);
    SecondMoment.release(estimate);

    double rootMeanSquare = GlobalNorm.of(flat) / Math.sqrt((double) length);
    double denominator = Math.max(1, rootMeanSquare / config.clipThreshold());
    double rho = Math.min(config.getLearningRate(iteration, epoch), 1 / Math.sqrt(step));
    flat.muli(rho / denominator);
  }

  /** The distance from 1 to the next number, PyTorch's eps1. */
  private static double epsilon(DataType type) {
    return type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
  }
}
