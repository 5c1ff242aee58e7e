package dev.fovea.jobs.upscaling.single;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import dev.fovea.pictures.resample.Imresize;

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
    return Imresize.bicubic(picture, height, width);
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
    Picture plane = Picture.plain(picture.width(), picture.height(), true, alpha);
    return Imresize.bicubic(plane, height, width).samples();
  }
}
