package dev.fovea.jobs.upscaling.single;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Floats to and from arrays of shape [batch, channels, height, width]. */
public final class Nchw {
  private Nchw() {}

  /** An array with a copy of the floats. */
  public static INDArray of(float[] samples, int batch, int channels, int height, int width) {
    return Nd4j.create(samples, new long[] {batch, channels, height, width}, 'c');
  }

  /** A copy of the array's floats in the order of its indices. */
  public static float[] floats(INDArray array) {
    boolean plain = array.ordering() == 'c' && !array.isView();
    INDArray contiguous = plain ? array : array.dup('c');
    float[] floats = new float[Math.toIntExact(array.length())];
    try {
      contiguous.data().asNioFloat().get(floats);
    } finally {
      // A buffer does not keep the array: once collected, its memory is freed under the buffer.
      Reference.reachabilityFence(contiguous);
      if (!plain) {
        close(contiguous);
      }
    }
    return floats;
  }

  /** Frees the array's memory now instead of at some collection of garbage. */
  public static void close(INDArray array) {
    if (array.closeable()) {
      array.close();
    }
  }
}
