package dev.fovea.model.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.SquaredNorm;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The 2-norm of a whole gradient and clipping by it, as {@code torch.nn.utils.clip_grad_norm_}. */
public final class GlobalNorm {
  /**
   * Elements summed in the array's own type before the sum goes on in double precision. Fixed, so
   * that the result does not depend on the number of threads.
   */
  private static final long CHUNK = 64;

  private GlobalNorm() {}

  /**
   * The 2-norm of a flat array.
   *
   * @param flat contiguous, of any length; a view is fine
   */
  public static double of(INDArray flat) {
    long length = flat.length();
    INDArray vector = flat.reshape(new long[] {length});
    long whole = length / CHUNK * CHUNK;
    double sum = 0;
    if (whole > 0) {
      INDArray chunks =
          vector
              .get(NDArrayIndex.interval(0, whole))
              .reshape('c', new long[] {whole / CHUNK, CHUNK});
      INDArray sums = Nd4j.createUninitialized(flat.dataType(), whole / CHUNK);
      Nd4j.getExecutioner().exec(new SquaredNorm(chunks, sums, 1));
      for (double part : sums.toDoubleVector()) {
        sum += part;
      }
      SecondMoment.release(sums);
    }
    if (whole < length) {
      for (double element : vector.get(NDArrayIndex.interval(whole, length)).toDoubleVector()) {
        sum += element * element;
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Multiplies a gradient by min(1, max / (norm + 1e-6)). A gradient that is not finite stays so.
   *
   * @param gradient flat; changed in place
   * @param max upper bound of the norm, above 0
   * @return the norm before clipping
   * @throws IllegalArgumentException naming the bound if it is not above 0
   */
  public static double clip(INDArray gradient, double max) {
    if (!(max > 0)) {
      throw new IllegalArgumentException("max gradient norm %s is not above 0".formatted(max));
    }
    double norm = of(gradient);
    double coefficient = max / (norm + 1e-6);
    if (coefficient < 1) {
      gradient.muli(coefficient);
    }
    return norm;
  }
}
