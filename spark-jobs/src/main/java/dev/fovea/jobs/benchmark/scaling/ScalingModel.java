package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.benchmark.scaling.ScalingRow.Cores;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Use;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The seconds of a round, fitted to measured ones and carried on to executors on machines of their
 * own. With n executors, F steps and M megabytes of vectors:
 *
 * <pre>
 * computing     F step
 * waiting       F data + F step spread sqrt(2 ln n) + rest + 2 n task
 * broadcasting  broadcast . (1, M, M log2 n)   + wire (M + n min(M, block))
 * aggregating   aggregate . (1, M, M (n-1)/n)  + wire (M (n-1)/n + M)
 * </pre>
 *
 * @param step seconds of an optimiser step
 * @param data seconds a step waits for data
 * @param spread standard deviation of the workers' computing time, as a share of its mean; the
 *     slowest of n is expected {@code sqrt(2 ln n)} of it above the mean
 * @param rest seconds of a round that nothing else explains
 * @param task seconds of the driver's processor for each task, of which a round has two an executor
 * @param broadcast coefficients of {@link #broadcastTerms}
 * @param aggregate coefficients of {@link #aggregateTerms}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ScalingModel(
    double step,
    double data,
    double spread,
    double rest,
    double task,
    double[] broadcast,
    double[] aggregate) {
  private static final double MEGA = 1e6;

  /**
   * What is there besides.
   *
   * @param bytesPerSecond that reach another machine's memory
   * @param block bytes of the driver's broadcast that an executor fetches at once: in the worst
   *     case all fetch their first one from the driver
   */
  public record Network(double bytesPerSecond, double block) {
    /** 25 Gb/s, of which four fifths are used, and Spark's blocks of 4 MiB. */
    public static final Network GIGABIT_25 = new Network(0.8 * 25e9 / 8, 4 << 20);

    /** The executors are on one machine, whose own cost is in what was measured. */
    public static final Network NONE = new Network(Double.POSITIVE_INFINITY, 0);
  }

  /**
   * Fits the model.
   *
   * @param rows measured, one or more of training with cores of their own
   * @param task see {@link ScalingModel}
   */
  static ScalingModel fit(List<ScalingRow> rows, double task) {
    List<ScalingRow> own = rows.stream().filter(row -> row.cores() == Cores.OWN).toList();
    List<ScalingRow> training = own.stream().filter(row -> row.use() == Use.TRAINING).toList();
    double step = mean(training, row -> row.parts().computing() / row.stepsEach());
    double spread = mean(training, ScalingRow::spread);
    double rest =
        mean(
            training,
            row ->
                row.parts().waitingForOthers()
                    - row.parts().computing() * spread * slowest(row.executors())
                    - 2 * row.executors() * task);
    return new ScalingModel(
        step,
        mean(training, row -> row.parts().waitingForData() / row.stepsEach()),
        spread,
        Math.max(0, rest),
        task,
        NonNegativeFit.coefficients(
            own.stream()
                .map(row -> broadcastTerms(row.executors(), row.bytes()))
                .toArray(double[][]::new),
            own.stream().mapToDouble(row -> row.parts().broadcasting()).toArray()),
        NonNegativeFit.coefficients(
            own.stream()
                .map(row -> aggregateTerms(row.executors(), row.bytes()))
                .toArray(double[][]::new),
            own.stream().mapToDouble(row -> row.parts().aggregating()).toArray()));
  }

  private static double mean(List<ScalingRow> rows, ToDoubleFunction<ScalingRow> of) {
    return rows.stream().mapToDouble(of).average().orElseThrow();
  }

  /** How many standard deviations the slowest of n is expected above the mean, at most. */
  private static double slowest(int executors) {
    return Math.sqrt(2 * Math.log(executors));
  }

  static double[] broadcastTerms(int executors, long bytes) {
    double mega = bytes / MEGA;
    return new double[] {1, mega, mega * Math.log(executors) / Math.log(2)};
  }

  static double[] aggregateTerms(int executors, long bytes) {
    double mega = bytes / MEGA;
    return new double[] {1, mega, mega * (executors - 1) / executors};
  }

  /** The same model of another network or device, whose steps take that long. */
  ScalingModel withStep(double seconds) {
    return new ScalingModel(seconds, data, spread, rest, task, broadcast, aggregate);
  }

  /** The round of so many executors. */
  RoundParts round(int executors, int stepsEach, long bytes, Network network) {
    double computing = stepsEach * step;
    double others =
        executors == 1
            ? 0
            : executors * Math.min((double) bytes, network.block()) / network.bytesPerSecond();
    double remote = (double) bytes * (executors - 1) / executors;
    return new RoundParts(
        computing,
        NonNegativeFit.value(broadcastTerms(executors, bytes), broadcast)
            + bytes / network.bytesPerSecond()
            + others,
        NonNegativeFit.value(aggregateTerms(executors, bytes), aggregate)
            + (remote + bytes) / network.bytesPerSecond(),
        stepsEach * data,
        computing * spread * slowest(executors) + rest + 2 * executors * task);
  }

  /** Pictures/s as a share of what as many executors make that never average. */
  double efficiency(int executors, int stepsEach, long bytes, Network network) {
    return stepsEach * (step + data) / round(executors, stepsEach, bytes, network).seconds();
  }

  /** The least averaging frequency of that efficiency; 0 if none reaches it. */
  int frequencyFor(double efficiency, int executors, long bytes, Network network) {
    // A round is a straight line in its steps: two points on it say all.
    double one = round(executors, 1, bytes, network).seconds();
    double more = round(executors, 2, bytes, network).seconds() - one;
    double gained = step + data - efficiency * more;
    double needed = efficiency * (one - more);
    return gained <= 0
        ? 0
        : (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(needed / gained)));
  }

  /**
   * The largest power of two of executors of which doubling still adds that share of what they
   * make, up to a million.
   */
  int largestWorthDoubling(double adds, int stepsEach, long bytes, Network network) {
    int executors = 1;
    while (executors < 1 << 20
        && 2 * efficiency(2 * executors, stepsEach, bytes, network)
            >= (1 + adds) * efficiency(executors, stepsEach, bytes, network)) {
      executors *= 2;
    }
    return executors;
  }

  /** The largest power of two of executors with that efficiency, up to a million. */
  int largestWith(double efficiency, int stepsEach, long bytes, Network network) {
    int executors = 1;
    while (executors < 1 << 20
        && efficiency(2 * executors, stepsEach, bytes, network) >= efficiency) {
      executors *= 2;
    }
    return executors;
  }
}
