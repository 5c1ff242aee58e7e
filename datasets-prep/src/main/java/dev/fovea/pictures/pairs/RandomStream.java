package dev.fovea.pictures.pairs;

/**
 * SplitMix64 (Steele, Lea, Flood 2014) spelled out, so that a seed means the same choices on every
 * JDK and machine. Not safe for use by several threads.
 */
final class RandomStream {
  private long state;

  RandomStream(long seed) {
    state = seed;
  }

  long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform on 0 to bound - 1; the bias of the multiplication is below 2^-32 x bound. */
  int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Uniform on [from, to). */
  double uniform(double from, double to) {
    return from + (to - from) * ((nextLong() >>> 11) * 0x1.0p-53);
  }
}
