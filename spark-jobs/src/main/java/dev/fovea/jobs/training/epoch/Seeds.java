package dev.fovea.jobs.training.epoch;

/** Derives seeds from seeds, by the finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
final class Seeds {
  private Seeds() {}

  /** A seed that depends on every part and on their order, the same on every machine. */
  static long mix(long... parts) {
    long seed = 0;
    for (long part : parts) {
      seed = finish(seed + 0x9E3779B97F4A7C15L ^ finish(part + 0x9E3779B97F4A7C15L));
    }
    return seed;
  }

  private static long finish(long z) {
    long once = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
    return twice ^ (twice >>> 31);
  }
}
