package dev.fovea.upscaling;

import dev.fovea.picture.Picture;
import dev.fovea.picture.Planes;
import dev.fovea.picture.Samples;
import dev.fovea.resample.Imresize;

/**
 * MATLAB's bicubic {@code imresize} (antialiased, a = -0.5) on whole pictures: the way in which the
 * literature makes low resolutions, and the baseline that an upscaler is compared with. As MATLAB
 * does on integers, it resizes the dimension that shrinks more first (height, if both are equal),
 * rounds, and resizes the other; that moves PSNR by 0.01 dB. Grey stays grey, the depth, the alpha
 * and the metadata stay.
 */
public final class Bicubic {
  private Bicubic() {}

  /** The picture at the given size in pixels, rounded to its depth. */
  public static Picture resized(Picture picture, int height, int width) {
    return new Picture(
        width,
        height,
        picture.grey(),
        resized(picture.samples(), picture.channels(), picture, height, width),
        picture.alpha().map(alpha -> resized(alpha, 1, picture, height, width)),
        picture.icc(),
        picture.exif());
  }

  /** The picture enlarged by a whole number. */
  public static Picture upscaled(Picture picture, int ratio) {
    return resized(
        picture,
        Math.multiplyExact(picture.height(), ratio),
        Math.multiplyExact(picture.width(), ratio));
  }

  /**
   * The low resolution of a picture whose sides are multiples of the ratio.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static Picture downscaled(Picture picture, int ratio) {
    if (picture.width() % ratio != 0 || picture.height() % ratio != 0) {
      throw new IllegalArgumentException(
          "picture of %dx%d: both must be multiples of %d"
              .formatted(picture.width(), picture.height(), ratio));
    }
    return resized(picture, picture.height() / ratio, picture.width() / ratio);
  }

  /**
   * The picture without the right and bottom pixels that a multiple of the ratio leaves over.
   *
   * @throws IllegalArgumentException if nothing is left
   */
  public static Picture croppedToMultiple(Picture picture, int ratio) {
    int width = picture.width() - picture.width() % ratio;
    int height = picture.height() - picture.height() % ratio;
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    return picture.crop(0, 0, width, height);
  }

  /** The alpha of a picture at another size. */
  static Samples resizedAlpha(Picture picture, Samples alpha, int height, int width) {
    return resized(alpha, 1, picture, height, width);
  }

  private static Samples resized(
      Samples samples, int channels, Picture size, int height, int width) {
    int depth = samples.bitDepth();
    Planes planes = levels(samples, channels, size.height(), size.width());
    boolean heightFirst =
        (long) height * size.width() <= (long) width * size.height(); // Of their scales.
    Planes between =
        heightFirst
            ? Imresize.bicubic(planes, height, size.width())
            : Imresize.bicubic(planes, size.height(), width);
    round(between.samples(), depth);
    Planes done = Imresize.bicubic(between, height, width);
    round(done.samples(), depth);
    return interleaved(done, depth);
  }

  /** Planes of whole numbers, on which sums with imresize's weights are exact or nearly so. */
  private static Planes levels(Samples samples, int channels, int height, int width) {
    Planes planes = Planes.zeros(channels, height, width);
    int pixels = height * width;
    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < pixels; i++) {
        planes.samples()[channel * pixels + i] = samples.at(i * channels + channel);
      }
    }
    return planes;
  }

  private static void round(float[] levels, int depth) {
    float largest = depth == 8 ? 255 : 65535;
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (float) Math.floor(Math.max(0, Math.min(largest, levels[i])) + 0.5f);
    }
  }

  private static Samples interleaved(Planes levels, int depth) {
    int channels = levels.channels();
    int pixels = levels.height() * levels.width();
    SampleBuffer buffer = SampleBuffer.of(depth, Math.multiplyExact(pixels, channels));
    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < pixels; i++) {
        buffer.putLevel(i * channels + channel, (int) levels.samples()[channel * pixels + i]);
      }
    }
    return buffer.samples();
  }
}
