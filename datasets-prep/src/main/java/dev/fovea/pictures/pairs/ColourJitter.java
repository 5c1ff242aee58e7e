package dev.fovea.pictures.pairs;

/**
 * torchvision's {@code adjust_brightness}, {@code adjust_contrast}, {@code adjust_saturation} and
 * {@code adjust_hue} on RGB planes of floats from 0 to 1, in place. Results are clamped to 0..1.
 */
public final class ColourJitter {
  private static final float RED = 0.2989f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  /** Makes 1 or more of any difference of two floats from 0 to 1. */
  private static final float HUGE = 1e30f;

  private static final ThreadLocal<Strip> STRIPS = ThreadLocal.withInitial(Strip::new);

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
    Strip strip = STRIPS.get();
    for (int start = 0; start < pixels; start += Strip.LENGTH) {
      int count = Math.min(Strip.LENGTH, pixels - start);
      strip.load(samples, offset + start, pixels, count);
      saturate(strip.red, strip.green, strip.blue, count, f, rest);
      strip.store(samples, offset + start, pixels, count);
    }
  }

  /**
   * Turns the hue.
   *
   * @param turn part of the whole colour circle, -0.5 to 0.5
   */
  public static void hue(float[] samples, int offset, int pixels, double turn) {
    float sextants = (float) (6 * turn);
    Strip strip = STRIPS.get();
    for (int start = 0; start < pixels; start += Strip.LENGTH) {
      int count = Math.min(Strip.LENGTH, pixels - start);
      strip.load(samples, offset + start, pixels, count);
      turn(strip, count, sextants);
      strip.store(samples, offset + start, pixels, count);
    }
  }

  private static void saturate(
      float[] red, float[] green, float[] blue, int count, float f, float rest) {
    for (int i = 0; i < count; i++) {
      float grey = rest * (RED * red[i] + GREEN * green[i] + BLUE * blue[i]);
      red[i] = Math.max(0f, Math.min(1f, red[i] * f + grey));
      green[i] = Math.max(0f, Math.min(1f, green[i] * f + grey));
      blue[i] = Math.max(0f, Math.min(1f, blue[i] * f + grey));
    }
  }

  /**
   * Turns hues without a division: all of the hexagon's arithmetic is scaled by the range of a
   * pixel's channels, on which hue and saturation would divide. Choices are weights of 0 or 1, and
   * the steps are loops of their own, so that each is small and free of branches and runs on
   * vectors.
   */
  private static void turn(Strip strip, int count, float sextants) {
    extremes(strip.red, strip.green, strip.blue, strip.low, strip.high, count);
    hues(strip.red, strip.green, strip.blue, strip.low, strip.high, strip.hue, count);
    wrap(strip.low, strip.high, strip.hue, count, sextants);
    valley(strip.low, strip.high, strip.hue, strip.red, count);
    trapezium(strip.low, strip.high, strip.hue, strip.green, count, 2f);
    trapezium(strip.low, strip.high, strip.hue, strip.blue, count, 4f);
  }

  private static void extremes(
      float[] red, float[] green, float[] blue, float[] low, float[] high, int count) {
    for (int i = 0; i < count; i++) {
      low[i] = Math.min(red[i], Math.min(green[i], blue[i]));
    }
    for (int i = 0; i < count; i++) {
      high[i] = Math.max(red[i], Math.max(green[i], blue[i]));
    }
  }

  /** Hue in sextants times range: g - b, 2 range + b - r, or 4 range + r - g. */
  private static void hues(
      float[] red, float[] green, float[] blue, float[] low, float[] high, float[] hue, int count) {
    for (int i = 0; i < count; i++) {
      float notGreen = Math.min(1f, (high[i] - green[i]) * HUGE);
      float ifGreen = 2f * (high[i] - low[i]) + (blue[i] - red[i]);
      float ifBlue = 4f * (high[i] - low[i]) + (red[i] - green[i]);
      hue[i] = ifGreen + notGreen * (ifBlue - ifGreen);
    }
    for (int i = 0; i < count; i++) {
      float notRed = Math.min(1f, (high[i] - red[i]) * HUGE);
      float ifRed = green[i] - blue[i];
      hue[i] = ifRed + notRed * (hue[i] - ifRed);
    }
  }

  private static void wrap(float[] low, float[] high, float[] hue, int count, float sextants) {
    for (int i = 0; i < count; i++) {
      float range = high[i] - low[i];
      float turned = hue[i] + sextants * range;
      hue[i] = turned + 6f * range * Math.min(1f, Math.max(0f, -turned) * HUGE);
    }
    for (int i = 0; i < count; i++) {
      float circle = 6f * (high[i] - low[i]);
      hue[i] -= circle * Math.min(1f, Math.max(0f, hue[i] - circle) * HUGE);
    }
  }

  /** Red's height over the hue, which begins and ends at its peak. */
  private static void valley(float[] low, float[] high, float[] hue, float[] red, int count) {
    for (int i = 0; i < count; i++) {
      float range = high[i] - low[i];
      float rise = Math.abs(hue[i] - 3f * range) - range;
      red[i] = low[i] + Math.max(0f, Math.min(range, rise));
    }
  }

  /** Green's or blue's: full within a sextant of its peak, nothing beyond two. */
  private static void trapezium(
      float[] low, float[] high, float[] hue, float[] channel, int count, float peak) {
    for (int i = 0; i < count; i++) {
      float range = high[i] - low[i];
      float rise = 2f * range - Math.abs(hue[i] - peak * range);
      channel[i] = low[i] + Math.max(0f, Math.min(range, rise));
    }
  }

  private static float clamp(float value) {
    return Math.max(0f, Math.min(1f, value));
  }

  /** A run of pixels, channel by channel in arrays of their own: what the compiler vectorises. */
  private static final class Strip {
    static final int LENGTH = 1024;

    final float[] red = new float[LENGTH];
    final float[] green = new float[LENGTH];
    final float[] blue = new float[LENGTH];
    final float[] low = new float[LENGTH];
    final float[] high = new float[LENGTH];
    final float[] hue = new float[LENGTH];

    void load(float[] samples, int at, int plane, int count) {
      System.arraycopy(samples, at, red, 0, count);
      System.arraycopy(samples, at + plane, green, 0, count);
      System.arraycopy(samples, at + 2 * plane, blue, 0, count);
    }

    void store(float[] samples, int at, int plane, int count) {
      System.arraycopy(red, 0, samples, at, count);
      System.arraycopy(green, 0, samples, at + plane, count);
      System.arraycopy(blue, 0, samples, at + 2 * plane, count);
    }
  }
}
