package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The largest of 3 x 3 pixels at every other pixel, as PyTorch's {@code MaxPool2d(3, stride=2,
 * padding=1)}: what lies outside does not count, of equal pixels the first in reading order does,
 * and a NaN counts as the largest. Arrays are NHWC [B, H, W, C], contiguous.
 */
final class MaxPool {
  private static final int KERNEL = 3;
  private static final int STRIDE = 2;

  private MaxPool() {}

  /** The height or width of the result for that of the input. */
  static long resultSize(long size) {
    return (size - 1) / STRIDE + 1;
  }

  /** Writes the largest pixels to {@code y}. */
  static void forward(INDArray x, INDArray y) {
    overPictures(
        x,
        y,
        (picture, shape) -> {
          double[] in = read(x, picture, shape.inputs());
          int[] from = shape.search(in);
          double[] out = new double[from.length];
          for (int i = 0; i < out.length; i++) {
            out[i] = in[from[i]];
          }
          write(out, y, picture);
        });
  }

  /** Writes the gradient of x, given that of the result. */
  static void backward(INDArray x, INDArray gradient, INDArray xGradient) {
    overPictures(
        x,
        gradient,
        (picture, shape) -> {
          int[] from = shape.search(read(x, picture, shape.inputs()));
          double[] given = read(gradient, picture, from.length);
          double[] result = new double[shape.inputs()];
          for (int i = 0; i < given.length; i++) {
            result[from[i]] += given[i];
          }
          write(result, xGradient, picture);
        });
  }

  @FunctionalInterface
  private interface Work {
    void on(int picture, Shape shape);
  }

  private static void overPictures(INDArray x, INDArray result, Work work) {
    Shape shape =
        new Shape(
            (int) x.size(1),
            (int) x.size(2),
            (int) x.size(3),
            (int) result.size(1),
            (int) result.size(2));
    HostLoop.overParts(
        (int) x.size(0),
        x.length(),
        (from, to) -> {
          for (int picture = from; picture < to; picture++) {
            work.on(picture, shape);
          }
        });
  }

  private static double[] read(INDArray array, int picture, int length) {
    double[] values = new double[length];
    HostCopy.read(array, (long) picture * length, length, values);
    return values;
  }

  private static void write(double[] values, INDArray array, int picture) {
    HostCopy.write(values, values.length, array, (long) picture * values.length);
  }

  /** Of one picture and its result. */
  private record Shape(int height, int width, int channels, int outHeight, int outWidth) {
    int inputs() {
      return height * width * channels;
    }

    /** Finds where each pixel of the result comes from. */
    int[] search(double[] in) {
      int[] from = new int[outHeight * outWidth * channels];
      for (int y = 0; y < outHeight; y++) {
        int top = Math.max(0, STRIDE * y - 1);
        int bottom = Math.min(height, STRIDE * y - 1 + KERNEL);
        for (int x = 0; x < outWidth; x++) {
          int left = Math.max(0, STRIDE * x - 1);
          int right = Math.min(width, STRIDE * x - 1 + KERNEL);
          int out = (y * outWidth + x) * channels;
          int first = (top * width + left) * channels;
          for (int c = 0; c < channels; c++) {
            from[out + c] = first + c;
          }
          for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
              int at = (row * width + column) * channels;
              for (int c = 0; c < channels; c++) {
                double value = in[at + c];
                if (value > in[from[out + c]] || Double.isNaN(value)) {
                  from[out + c] = at + c;
                }
              }
            }
          }
        }
      }
      return from;
    }
  }
}
