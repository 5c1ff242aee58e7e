package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import dev.fovea.model.config.BaseUpscaler;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Enlarges pictures by interpolation, plane by plane: along the rows, then between them. Arrays are
 * NCHW. Immutable.
 *
 * @param kind the interpolation
 * @param ratio the factor by which height and width grow
 */
public record BaseUpscaling(BaseUpscaler kind, int ratio) {

  /** The shape after upscaling an array of the given shape. */
  public long[] upscaledShape(long[] shape) {
    if (shape.length != 4) {
      throw new IllegalArgumentException(
          "upscaling takes [B, C, H, W], not %s".formatted(Arrays.toString(shape)));
    }
    return new long[] {shape[0], shape[1], shape[2] * ratio, shape[3] * ratio};
  }

  /** Writes pictures, enlarged, to {@code out}. */
  void upscale(INDArray pictures, INDArray out) {
    INDArray in = HostCopy.contiguous(pictures) ? pictures : pictures.dup('c');
    int height = (int) in.size(2);
    int width = (int) in.size(3);
    Interpolation rows = Interpolation.of(kind, width, ratio);
    Interpolation columns = Interpolation.of(kind, height, ratio);
    HostLoop.overParts(
        Math.toIntExact(in.size(0) * in.size(1)),
        out.length(),
        (from, to) -> {
          double[] plane = new double[height * width];
          double[] wide = new double[height * rows.length()];
          double[] large = new double[columns.length() * rows.length()];
          for (long p = from; p < to; p++) {
            HostCopy.read(in, p * plane.length, plane.length, plane);
            rows.alongLines(plane, wide, height, width);
            columns.acrossLines(wide, large, rows.length());
            HostCopy.write(large, large.length, out, p * large.length);
          }
        });
  }

  /**
   * A plane, enlarged.
   *
   * @param plane [H, W]
   * @return [rH, rW]
   */
  public double[] upscalePlane(double[] plane, int height, int width) {
    Interpolation rows = Interpolation.of(kind, width, ratio);
    Interpolation columns = Interpolation.of(kind, height, ratio);
    double[] wide = new double[height * rows.length()];
    double[] large = new double[Math.multiplyExact(columns.length(), rows.length())];
    rows.alongLines(plane, wide, height, width);
    columns.acrossLines(wide, large, rows.length());
    return large;
  }

  /** Writes to {@code out} the gradient of the pictures given that of the enlarged ones. */
  void backpropagate(INDArray gradient, INDArray out) {
    INDArray in = HostCopy.contiguous(gradient) ? gradient : gradient.dup('c');
    int height = (int) out.size(2);
    int width = (int) out.size(3);
    Interpolation rows = Interpolation.of(kind, width, ratio);
    Interpolation columns = Interpolation.of(kind, height, ratio);
    HostLoop.overParts(
        Math.toIntExact(in.size(0) * in.size(1)),
        in.length(),
        (from, to) -> {
          double[] large = new double[columns.length() * rows.length()];
          double[] wide = new double[height * rows.length()];
          double[] plane = new double[height * width];
          for (long p = from; p < to; p++) {
            HostCopy.read(in, p * large.length, large.length, large);
            columns.acrossLinesTransposed(large, wide, rows.length(), height);
            rows.alongLinesTransposed(wide, plane, height, width);
            HostCopy.write(plane, plane.length, out, p * plane.length);
          }
        });
  }
}
