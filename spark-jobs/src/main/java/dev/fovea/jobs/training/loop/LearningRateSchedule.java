package dev.fovea.jobs.training.loop;

/** How the learning rate falls over a run. */
public enum LearningRateSchedule {
  /** The same rate throughout, the reference's. */
  CONSTANT {
    @Override
    public double rate(double initial, double progress) {
      return initial;
    }
  },
  /** Half a cosine from the initial rate to a hundredth of it (Loshchilov and Hutter, 2017). */
  COSINE {
    @Override
    public double rate(double initial, double progress) {
      double last = initial / 100;
      double clamped = Math.min(1, Math.max(0, progress));
      // StrictMath: the same rate, to the bit, on every machine.
      return last + (initial - last) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * clamped));
    }
  };

  /**
   * The rate of one optimiser step.
   *
   * @param initial the rate at the start of the run
   * @param progress the share of the run that lies behind, 0 to 1
   */
  public abstract double rate(double initial, double progress);
}
