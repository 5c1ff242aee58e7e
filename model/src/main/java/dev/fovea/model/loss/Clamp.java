package dev.fovea.model.loss;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pictures limited to 0..1. */
public final class Clamp {
  private static final int CHUNK = 1 << 14;

  private Clamp() {}

  /** Limits contiguous pictures in place; a NaN stays one, which ND4J's own maximum would hide. */
  public static INDArray forward(INDArray pictures) {
    long length = pictures.length();
    overParts(
        length,
        (position, count) -> {
          double[] values = new double[count];
          HostCopy.read(pictures, position, count, values);
          for (int i = 0; i < count; i++) {
            values[i] = Math.min(Math.max(values[i], 0), 1);
          }
          HostCopy.write(values, count, pictures, position);
        });
    return pictures;
  }

  /**
   * Sets a gradient to 0 where the pictures were outside, both ends being inside, as in PyTorch.
   *
   * @param unclamped contiguous
   * @param gradient the same shape, contiguous; changed in place
   */
  static void backward(INDArray unclamped, INDArray gradient) {
    overParts(
        unclamped.length(),
        (position, count) -> {
          double[] raw = new double[count];
          double[] values = new double[count];
          HostCopy.read(unclamped, position, count, raw);
          HostCopy.read(gradient, position, count, values);
          for (int i = 0; i < count; i++) {
            if (raw[i] < 0 || raw[i] > 1) {
              values[i] = 0;
            }
          }
          HostCopy.write(values, count, gradient, position);
        });
  }

  @FunctionalInterface
  private interface Work {
    void on(long position, int count);
  }

  private static void overParts(long length, Work work) {
    HostLoop.overParts(
        (int) ((length + CHUNK - 1) / CHUNK),
        length,
        (from, to) -> {
          for (int part = from; part < to; part++) {
            long position = (long) part * CHUNK;
            work.on(position, (int) Math.min(CHUNK, length - position));
          }
        });
  }
}
