package dev.fovea.jobs.evaluation.measure;

import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.picture.Picture;

/** Small versions of pictures for tables: the mean of the pixels behind each one, as JPEG. */
final class Thumbnail {
  /** The longer side in pixels: twice what a table shows, for sharp screens. */
  static final int SIDE = 112;

  private static final int QUALITY = 72;

  private Thumbnail() {}

  static byte[] jpeg(Picture picture) {
    return JpegEncoder.encode(small(picture, SIDE), QUALITY);
  }

  /** The picture with at most the given side; itself where it has no more. */
  static Picture small(Picture picture, int side) {
    int longer = Math.max(picture.width(), picture.height());
    if (longer <= side) {
      return picture;
    }
    int width = Math.max(1, Math.round((float) picture.width() * side / longer));
    int height = Math.max(1, Math.round((float) picture.height() * side / longer));
    int channels = picture.channels();
    byte[] small = new byte[width * height * channels];
    byte[] samples = picture.toEightBit().samples().toBytes().values();
    for (int y = 0; y < height; y++) {
      int top = (int) ((long) y * picture.height() / height);
      int bottom = Math.max(top + 1, (int) ((y + 1L) * picture.height() / height));
      for (int x = 0; x < width; x++) {
        int left = (int) ((long) x * picture.width() / width);
        int right = Math.max(left + 1, (int) ((x + 1L) * picture.width() / width));
        int count = (bottom - top) * (right - left);
        for (int channel = 0; channel < channels; channel++) {
          long sum = 0;
          for (int row = top; row < bottom; row++) {
            int at = (row * picture.width() + left) * channels + channel;
            for (int i = left; i < right; i++, at += channels) {
              sum += samples[at] & 0xFF;
            }
          }
          small[(y * width + x) * channels + channel] = (byte) ((sum + count / 2) / count);
        }
      }
    }
    return picture.grey() ? Picture.grey(width, height, small) : Picture.rgb(width, height, small);
  }
}
