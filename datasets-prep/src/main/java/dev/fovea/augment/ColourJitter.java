package dev.fovea.augment;

/**
 * torchvision's {@code adjust_brightness}, {@code adjust_contrast}, {@code adjust_saturation} and
 * {@code adjust_hue} on RGB planes of floats from 0 to 1, in place. Results are clamped to 0..1.
 */
public final class ColourJitter {
  private static final float RED = 0.2989f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private ColourJitter() {}

  /**
   * Multiplies by a factor.
   *
   * @param samples three planes of {@code pixels} floats from {@code offset} on
   */
  public static void brightness(float[] samples, int offset, int pixels, double factor) {
    float f = (float) factor;
    for (int i = offset; i < offset + 3 * pixels; i++) {
      samples[i] = clamp(samples[i] * f);
    }
  }

  /** Moves away from, or towards, the mean grey of all pixels. */
  public static void contrast(float[] samples, int offset, int pixels, double factor) {
    double sum = 0;
    int g = offset + pixels;
    int b = g + pixels;
    for (int i = 0; i < pixels; i++) {
      sum += RED * samples[offset + i] + GREEN * samples[g + i] + BLUE * samples[b + i];
    }
    float f = (float) factor;
    float grey = (float) ((1 - factor) * (sum / pixels));
    for (int i = offset; i < offset + 3 * pixels; i++) {
      samples[i] = clamp(samples[i] * f + grey);
    }
  }

  /** Moves away from, or towards, each pixel's own grey. */
  public static void saturation(float[] samples, int offset, int pixels, double factor) {
    float f = (float) factor;
    float rest = (float) (1 - factor);
    int green = offset + pixels;
    int blue = green + pixels;
    for (int i = 0; i < pixels; i++) {
      float r = samples[offset + i];
      float g = samples[green + i];
      float b = samples[blue + i];
      float grey = rest * (RED * r + GREEN * g + BLUE * b);
      samples[offset + i] = clamp(r * f + grey);
      samples[green + i] = clamp(g * f + grey);
      samples[blue + i] = clamp(b * f + grey);
    }
  }

  /**
   * Turns the hue.
   *
   * @param turn part of the whole colour circle, -0.5 to 0.5
   */
  public static void hue(float[] samples, int offset, int pixels, double turn) {
    int green = offset + pixels;
    int blue = green + pixels;
    float shift = (float) turn;
    for (int i = 0; i < pixels; i++) {
      float r = samples[offset + i];
      float g = samples[green + i];
      float b = samples[blue + i];
      float high = Math.max(r, Math.max(g, b));
      float low = Math.min(r, Math.min(g, b));
      float range = high - low;
      if (range == 0) {
        continue; // Grey has no hue to turn.
      }
      float sextant;
      if (high == r) {
        sextant = (g - b) / range;
      } else if (high == g) {
        sextant = 2 + (b - r) / range;
      } else {
        sextant = 4 + (r - g) / range;
      }
      float turned = sextant + 6 * shift;
      turned = turned < 0 ? turned + 6 : turned >= 6 ? turned - 6 : turned;
      // The distance of each channel from the maximum is a trapezium of the hue.
      samples[offset + i] = clamp(low + range * clamp(Math.abs(turned - 3) - 1));
      samples[green + i] = clamp(low + range * clamp(2 - Math.abs(turned - 2)));
      samples[blue + i] = clamp(low + range * clamp(2 - Math.abs(turned - 4)));
    }
  }

  private static float clamp(float value) {
    return Math.max(0f, Math.min(1f, value));
  }
}
