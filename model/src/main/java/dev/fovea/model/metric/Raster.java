package dev.fovea.model.metric;

import java.util.Objects;

/**
 * Planar samples to be measured: [channels, height, width], black at 0 and white at {@code peak}.
 *
 * <p>The samples are shared with the caller, not copied. Safe for use by several threads while
 * nobody changes them.
 */
public final class Raster {
  private final int channels;
  private final int height;
  private final int width;
  private final double peak;
  private final float[] samples;

  private Raster(int channels, int height, int width, double peak, float[] samples) {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape [%d, %d, %d] has a dimension below 1".formatted(channels, height, width));
    }
    if (!(peak > 0) || Double.isInfinite(peak)) {
      throw new IllegalArgumentException("peak %s is not above 0".formatted(peak));
    }
    if ((long) channels * height * width != samples.length) {
      throw new IllegalArgumentException(
          "%d samples do not fill the shape [%d, %d, %d]"
              .formatted(samples.length, channels, height, width));
    }
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.peak = peak;
    this.samples = samples;
  }

  /**
   * Samples of which 1 is white.
   *
   * @throws IllegalArgumentException if they do not fill the shape
   */
  public static Raster unit(int channels, int height, int width, float[] samples) {
    return new Raster(channels, height, width, 1, Objects.requireNonNull(samples, "samples"));
  }

  /**
   * Samples of which {@code peak} is white, such as 255.
   *
   * @throws IllegalArgumentException if they do not fill the shape, or the peak is not above 0
   */
  public static Raster withPeak(double peak, int channels, int height, int width, float[] samples) {
    return new Raster(channels, height, width, peak, Objects.requireNonNull(samples, "samples"));
  }

  public int channels() {
    return channels;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** The value of white. */
  public double peak() {
    return peak;
  }

  /**
   * The luma Y of ITU-R BT.601 in studio range, as MATLAB's {@code rgb2ycbcr}: black becomes 16/255
   * and white 235/255 of the same peak, unrounded. A picture of one channel is Y already and is
   * returned unscaled, as the literature does.
   *
   * @throws IllegalArgumentException if there are neither 1 nor 3 channels
   */
  public Raster luma() {
    if (channels == 1) {
      return this;
    }
    if (channels != 3) {
      throw new IllegalArgumentException("%d channels are neither 1 nor 3".formatted(channels));
    }
    int plane = height * width;
    float[] luma = new float[plane];
    double black = 16 * peak / 255;
    for (int i = 0; i < plane; i++) {
      luma[i] =
          (float)
              (black
                  + (65.481 * samples[i]
                          + 128.553 * samples[plane + i]
                          + 24.966 * samples[2 * plane + i])
                      / 255);
    }
    return new Raster(1, height, width, peak, luma);
  }

  /**
   * Without the given number of pixels on each side.
   *
   * @throws IllegalArgumentException naming border and size if nothing would remain
   */
  public Raster withoutBorder(int border) {
    if (border < 0 || height <= 2 * border || width <= 2 * border) {
      throw new IllegalArgumentException(
          "a border of %d cannot be cut from %dx%d pixels".formatted(border, width, height));
    }
    if (border == 0) {
      return this;
    }
    int newHeight = height - 2 * border;
    int newWidth = width - 2 * border;
    float[] inner = new float[channels * newHeight * newWidth];
    for (int row = 0; row < channels * newHeight; row++) {
      int channel = row / newHeight;
      int y = row % newHeight + border;
      System.arraycopy(
          samples, (channel * height + y) * width + border, inner, row * newWidth, newWidth);
    }
    return new Raster(channels, newHeight, newWidth, peak, inner);
  }

  /** The shared samples. */
  float[] samples() {
    return samples;
  }

  /** Refuses pictures that cannot be compared, by name of the measure. */
  static void requireComparable(String measure, Raster prediction, Raster reference, int minimum) {
    if (prediction.channels != reference.channels
        || prediction.height != reference.height
        || prediction.width != reference.width
        || prediction.peak != reference.peak) {
      throw new IllegalArgumentException(
          "%s compares equal shapes, found prediction %s and reference %s"
              .formatted(measure, prediction, reference));
    }
    if (reference.height < minimum || reference.width < minimum) {
      throw new IllegalArgumentException(
          "%s needs %dx%d pixels or more, found %dx%d"
              .formatted(measure, minimum, minimum, reference.width, reference.height));
    }
  }

  @Override
  public String toString() {
    return "[%d, %d, %d] with peak %s".formatted(channels, height, width, peak);
  }
}
