package dev.fovea.pictures.pairs;

import dev.fovea.pictures.decode.PictureFile;
import dev.fovea.pictures.decode.ReducedRegion;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import dev.fovea.pictures.resample.AxisWeights;
import dev.fovea.pictures.resample.Kernel;
import dev.fovea.pictures.resample.Rounding;
import dev.fovea.pictures.resample.SeparableFilter;

/**
 * Makes training pairs: crop, flip, colour jitter, downscale, straight into the arrays of a batch.
 *
 * <p>Every random choice derives from the seed alone, and the same seed gives the same bits on
 * every machine. Safe for use by several threads; buffers are kept per thread.
 */
public final class PairMaker {
  private static final ThreadLocal<SeparableFilter> FILTER =
      ThreadLocal.withInitial(SeparableFilter::new);

  /**
   * Times the target resolution that a crop must measure to be decoded at half, a quarter or an
   * eighth of its size: on photographs the result is then within 40 dB of shrinking at once.
   */
  private static final double HALVES_FROM = 2.5;

  private static final double QUARTERS_FROM = 6;
  private static final double EIGHTHS_FROM = 12;

  private PairMaker() {}

  /**
   * Makes one pair. Both sides are CHW floats from 0 to 1; grey is replicated, alpha left out.
   *
   * @param lowResolution receives {@code settings.lowLength()} floats from {@code lowOffset} on
   * @param highResolution receives {@code settings.highLength()} floats from {@code highOffset} on
   * @throws IllegalArgumentException if the crop is native and the picture smaller than the target
   *     resolution
   */
  public static void make(
      Picture picture,
      PairSettings settings,
      long seed,
      float[] lowResolution,
      int lowOffset,
      float[] highResolution,
      int highOffset) {
    RandomStream random = new RandomStream(seed);
    CropWindow window = window(picture.width(), picture.height(), settings, random);
    cut(picture, window, settings.targetResolution(), highResolution, highOffset);
    finish(settings, random, lowResolution, lowOffset, highResolution, highOffset);
  }

  private static void finish(
      PairSettings settings,
      RandomStream random,
      float[] lowResolution,
      int lowOffset,
      float[] highResolution,
      int highOffset) {
    int side = settings.targetResolution();
    flip(settings.flips(), random, highResolution, highOffset, side);
    jitter(settings, random, highResolution, highOffset, side * side);
    downscale(settings, highResolution, highOffset, lowResolution, lowOffset);
  }

  /**
   * Makes one pair straight from a file, decoding no more of it than the crop needs. The choices
   * are those made for the decoded picture, and so are the bits, with one exception: a JPEG crop
   * that is to shrink by 2.5, 6 or 12 is decoded at half, a quarter or an eighth of its size, which
   * differs from shrinking at once by less than the JPEG does from its original (40 dB and more).
   *
   * @param file a JPEG, PNG, GIF or WEBP file, converted to sRGB where it has a profile
   * @throws RejectedPictureException if the file cannot be decoded; what lies outside the crop is
   *     not always checked
   * @throws IllegalArgumentException if the crop is native and the picture smaller than the target
   *     resolution
   */
  public static void make(
      byte[] file,
      Limits limits,
      PairSettings settings,
      long seed,
      float[] lowResolution,
      int lowOffset,
      float[] highResolution,
      int highOffset)
      throws RejectedPictureException {
    PictureFile opened = PictureFile.open(file, limits);
    RandomStream random = new RandomStream(seed);
    CropWindow window = window(opened.width(), opened.height(), settings, random);
    int side = settings.targetResolution();
    int factor = reduction(window, side);
    if (factor > 1) {
      ReducedRegion reduced =
          opened.decodeReduced(
              ColourPolicy.SRGB, window.x(), window.y(), window.width(), window.height(), factor);
      resize(reduced, side, highResolution, highOffset);
      finish(settings, random, lowResolution, lowOffset, highResolution, highOffset);
      return;
    }
    Picture region =
        opened
            .decodeRegion(
                ColourPolicy.SRGB, window.x(), window.y(), window.width(), window.height())
            .picture();
    CropWindow whole = new CropWindow(0, 0, window.width(), window.height());
    cut(region, whole, side, highResolution, highOffset);
    finish(settings, random, lowResolution, lowOffset, highResolution, highOffset);
  }

  /** By how much a crop may be reduced while it is decoded: 1, 2, 4 or 8. */
  private static int reduction(CropWindow window, int side) {
    double times = Math.min(window.width(), window.height()) / (double) side;
    if (times >= QUARTERS_FROM) {
      return times >= EIGHTHS_FROM ? 8 : 4;
    }
    return times >= HALVES_FROM ? 2 : 1;
  }

  static CropWindow window(int width, int height, PairSettings settings, RandomStream random) {
    return settings.cropMode() == CropMode.NATIVE
        ? CropWindow.randomSquare(width, height, settings.targetResolution(), random)
        : CropWindow.randomArea(width, height, random);
  }

  private static void cut(
      Picture picture, CropWindow window, int side, float[] high, int highOffset) {
    if (window.width() == side && window.height() == side) {
      picture.readRegion(window.x(), window.y(), side, side, high, highOffset);
    } else {
      ReducedRegion region =
          new ReducedRegion(picture, window.x(), window.y(), window.width(), window.height());
      resize(region, side, high, highOffset);
    }
  }

  private static void resize(ReducedRegion region, int side, float[] high, int highOffset) {
    Picture picture = region.picture();
    // As torchvision, which crops first: pixels beyond the rectangle have no weight.
    int left = (int) region.x();
    int top = (int) region.y();
    int right = (int) Math.ceil(region.x() + region.width());
    int bottom = (int) Math.ceil(region.y() + region.height());
    AxisWeights horizontal =
        AxisWeights.pytorch(right - left, region.x() - left, region.width(), side, Kernel.BILINEAR);
    AxisWeights vertical =
        AxisWeights.pytorch(bottom - top, region.y() - top, region.height(), side, Kernel.BILINEAR);
    Samples.Bytes samples = picture.samples().toBytes();
    int channels = picture.channels();
    int stride = picture.width() * channels;
    FILTER
        .get()
        .applyToBytes(
            samples.values(),
            top * stride + left * channels,
            stride,
            channels,
            vertical,
            horizontal,
            high,
            highOffset);
    if (picture.grey()) {
      int plane = side * side;
      System.arraycopy(high, highOffset, high, highOffset + plane, plane);
      System.arraycopy(high, highOffset, high, highOffset + 2 * plane, plane);
    }
  }

  private static void flip(Flips flips, RandomStream random, float[] high, int offset, int side) {
    int choice = random.nextInt(flips == Flips.ALL ? 8 : 2);
    if ((choice & 1) != 0) {
      Flipping.leftToRight(high, offset, 3, side);
    }
    if ((choice & 2) != 0) {
      Flipping.topToBottom(high, offset, 3, side);
    }
    if ((choice & 4) != 0) {
      Flipping.transpose(high, offset, 3, side);
    }
  }

  /** As torchvision's ColorJitter: the four in random order, each with a factor of its own. */
  private static void jitter(
      PairSettings settings, RandomStream random, float[] high, int offset, int pixels) {
    int[] order = {0, 1, 2, 3};
    for (int i = 3; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    double brightness = factor(settings.brightness(), random);
    double contrast = factor(settings.contrast(), random);
    double saturation = factor(settings.saturation(), random);
    double hue = random.uniform(-settings.hue(), settings.hue());
    for (int step : order) {
      switch (step) {
        case 0 -> {
          if (settings.brightness() > 0) {
            ColourJitter.brightness(high, offset, pixels, brightness);
          }
        }
        case 1 -> {
          if (settings.contrast() > 0) {
            ColourJitter.contrast(high, offset, pixels, contrast);
          }
        }
        case 2 -> {
          if (settings.saturation() > 0) {
            ColourJitter.saturation(high, offset, pixels, saturation);
          }
        }
        default -> {
          if (settings.hue() > 0) {
            ColourJitter.hue(high, offset, pixels, hue);
          }
        }
      }
    }
  }

  private static double factor(double jitter, RandomStream random) {
    return random.uniform(Math.max(0, 1 - jitter), 1 + jitter);
  }

  private static void downscale(
      PairSettings settings, float[] high, int highOffset, float[] low, int lowOffset) {
    int side = settings.targetResolution();
    AxisWeights weights =
        switch (settings.downscaler()) {
          case BICUBIC -> AxisWeights.matlab(side, settings.lowResolution(), Kernel.BICUBIC);
          case BILINEAR -> AxisWeights.pytorch(side, settings.lowResolution(), Kernel.BILINEAR);
        };
    Rounding rounding =
        settings.downscaler() == Downscaler.BICUBIC ? Rounding.EIGHT_BIT : Rounding.NONE;
    FILTER.get().apply(high, highOffset, 3, weights, weights, rounding, low, lowOffset);
  }
}
