package dev.fovea.model.engine.torch;

import dev.fovea.model.config.BaseUpscaler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Interpolation by a whole ratio; edges clamped.
 *
 * <p>Enlarged by r, a pixel becomes r x r, each a weighted sum of its neighbours that is the same
 * for every pixel: a convolution to r x r channels, and a pixel shuffle. On the CPU that takes half
 * as long as LibTorch's own interpolation, and differs from it by rounding.
 *
 * @param kind the interpolation
 * @param ratio the factor by which height and width grow
 */
record BaseUpscalerOperation(BaseUpscaler kind, int ratio) implements Operation {
  /** Neighbours on each side that a sum may have, two with {@link BaseUpscaler#BICUBIC}. */
  private static final int REACH = 2;

  private static final int SIDE = 2 * REACH + 1;
  private static final int COLOURS = 3;

  private static final Map<BaseUpscalerOperation, Tensor> KERNELS = new ConcurrentHashMap<>();

  @Override
  public Tensor apply(Call call) {
    Tensor x = call.input();
    if (!x.is_cpu()) {
      return interpolated(x);
    }
    Tensor kernel = KERNELS.computeIfAbsent(this, key -> Constants.of(kernel()));
    Tensor padded = torch.replication_pad2d(x, new long[] {REACH, REACH, REACH, REACH});
    Tensor pixels = ConvolutionPass.convolved(padded, kernel, null, 1, new long[] {0, 0});
    return torch.pixel_shuffle(pixels, ratio);
  }

  /** By LibTorch. */
  private Tensor interpolated(Tensor x) {
    long[] size = {x.size(2) * ratio, x.size(3) * ratio};
    return kind == BaseUpscaler.BICUBIC
        ? torch.upsample_bicubic2d(x, size, false)
        : torch.upsample_bilinear2d(x, size, false);
  }

  /** What LibTorch makes of a pixel, for each neighbour alone; colours do not mix. */
  private Tensor kernel() {
    Tensor neighbours = torch.eye(SIDE * SIDE).view(SIDE * SIDE, 1, SIDE, SIDE);
    long first = (long) REACH * ratio;
    Tensor sums =
        interpolated(neighbours)
            .narrow(2, first, ratio)
            .narrow(3, first, ratio)
            .reshape(SIDE * SIDE, (long) ratio * ratio)
            .t()
            .reshape((long) ratio * ratio, 1, SIDE, SIDE);
    Tensor kernel = torch.zeros(new long[] {(long) COLOURS * ratio * ratio, COLOURS, SIDE, SIDE});
    for (int colour = 0; colour < COLOURS; colour++) {
      kernel
          .narrow(0, (long) colour * ratio * ratio, (long) ratio * ratio)
          .narrow(1, colour, 1)
          .copy_(sums);
    }
    return kernel;
  }
}
