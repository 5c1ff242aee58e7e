package dev.fovea.model.arrays;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk copies between ND4J arrays and Java arrays.
 *
 * <p>ND4J moves strided data element by element and divides its sums among whichever threads are
 * free; plain Java loops over copies are faster there and give the same bits every time. Arrays are
 * float or double, contiguous in 'c' order; they may be views. Positions and counts are in
 * elements. Stateless.
 */
public final class HostCopy {
  private HostCopy() {}

  /**
   * Copies {@code count} elements, starting with number {@code from}, to the start of {@code to}.
   */
  public static void read(INDArray array, long from, int count, float[] to) {
    try (FloatPointer source = floats(array, from, count)) {
      source.get(to, 0, count);
    } finally {
      // Without a reference left ND4J frees the memory, whatever pointers there are to it.
      Reference.reachabilityFence(array);
    }
  }

  /**
   * Copies {@code count} elements, starting with number {@code from}, to the start of {@code to}.
   */
  public static void read(INDArray array, long from, int count, double[] to) {
    if (array.dataType() == DataType.DOUBLE) {
      try (DoublePointer source = doubles(array, from, count)) {
        source.get(to, 0, count);
      } finally {
        Reference.reachabilityFence(array);
      }
    } else {
      float[] staging = new float[count];
      read(array, from, count, staging);
      for (int i = 0; i < count; i++) {
        to[i] = staging[i];
      }
    }
  }

  /** Copies the first {@code count} of {@code values} over the elements from {@code to} on. */
  public static void write(float[] values, int count, INDArray array, long to) {
    try (FloatPointer target = floats(array, to, count)) {
      target.put(values, 0, count);
    }
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  /** Copies the first {@code count} of {@code values} over the elements from {@code to} on. */
  public static void write(double[] values, int count, INDArray array, long to) {
    if (array.dataType() == DataType.DOUBLE) {
      try (DoublePointer target = doubles(array, to, count)) {
        target.put(values, 0, count);
      }
      Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    } else {
      float[] staging = new float[count];
      for (int i = 0; i < count; i++) {
        staging[i] = (float) values[i];
      }
      write(staging, count, array, to);
    }
  }

  /**
   * Whether the elements lie in 'c' order without gaps, as the native convolutions and this class
   * want them. Strides of dimensions of size 1 say nothing and do not count.
   */
  public static boolean contiguous(INDArray array) {
    long expected = 1;
    for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
      if (array.size(dimension) != 1) {
        if (array.stride(dimension) != expected) {
          return false;
        }
        expected *= array.size(dimension);
      }
    }
    return true;
  }

  private static FloatPointer floats(INDArray array, long from, int count) {
    check(array, DataType.FLOAT, from, count);
    FloatPointer start = new FloatPointer(array.data().addressPointer());
    return start.position(start.position() + from);
  }

  private static DoublePointer doubles(INDArray array, long from, int count) {
    check(array, DataType.DOUBLE, from, count);
    DoublePointer start = new DoublePointer(array.data().addressPointer());
    return start.position(start.position() + from);
  }

  private static void check(INDArray array, DataType type, long from, int count) {
    if (array.dataType() != type) {
      throw new IllegalArgumentException(
          "array holds %s, not %s".formatted(array.dataType(), type));
    }
    if (!contiguous(array)) {
      throw new IllegalArgumentException(
          "array is not contiguous in 'c' order: " + array.shapeInfoToString());
    }
    if (from < 0 || count < 0 || from + count > array.length()) {
      throw new IndexOutOfBoundsException(
          "elements %d to %d of an array of %d".formatted(from, from + count, array.length()));
    }
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
  }
}
