package dev.fovea.pictures.resample;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.BitSet;

/**
 * Spreads colour from where a picture can be seen into where it is transparent. What stands there
 * is arbitrary, most often black, and any filter that mixes neighbours would draw it into the edge
 * as a fringe. The same is true where almost nothing can be seen: the less a pixel shows, below a
 * sixteenth, the more it takes the colour of what shows beside it.
 *
 * <p>A pyramid, as in Gortler et al., The Lumigraph (1996), "pull-push": each level holds the means
 * of 2 x 2 pixels that have a colour, until all have one; then each level's gaps are filled from
 * the next coarser one, interpolated. The cost is linear in the pixels; the pyramid takes a third
 * of the picture's memory. Stateless and safe for use by several threads.
 */
public final class ColourBleeding {
  /** Pixels that show less than this share of themselves do not decide their own colour. */
  private static final int FAINT = 16;

  private ColourBleeding() {}

  /**
   * The picture with colour under its transparent and faint pixels; all other samples and alpha
   * itself stay. A picture without alpha, without such pixels, or with nothing else, is returned as
   * it is.
   */
  public static Picture underTransparency(Picture picture) {
    if (picture.alpha().isEmpty()) {
      return picture;
    }
    Samples alpha = picture.alpha().get();
    int faint = (1 << alpha.bitDepth()) / FAINT;
    BitSet visible = new BitSet(alpha.length());
    for (int i = 0; i < alpha.length(); i++) {
      if (alpha.at(i) >= faint) {
        visible.set(i);
      }
    }
    int count = visible.cardinality();
    if (count == 0 || count == alpha.length()) {
      return picture;
    }
    Level level =
        new Level(
            picture.width(),
            picture.height(),
            picture.channels(),
            picture.samples().window(0, picture.samples().length(), 0, 1),
            visible);
    fill(level, alpha);
    level.keepShare(picture.samples(), alpha, faint);
    return picture.withSamples(picture.width(), picture.height(), level.samples, picture.alpha());
  }

  private static void fill(Level level, Samples weights) {
    if (level.known.cardinality() == level.width * level.height) {
      return;
    }
    Level coarser = level.halved(weights);
    fill(coarser, null);
    level.fillFrom(coarser);
  }

  /** A picture of which some pixels have a colour. */
  private record Level(int width, int height, int channels, Samples samples, BitSet known) {
    /**
     * Means of 2 x 2.
     *
     * @param weights of the pixels; null where all that are known weigh the same
     */
    Level halved(Samples weights) {
      int halfWidth = (width + 1) / 2;
      int halfHeight = (height + 1) / 2;
      int length = halfWidth * halfHeight * channels;
      Samples means =
          samples.bitDepth() == 8
              ? new Samples.Bytes(new byte[length])
              : new Samples.Words(new short[length]);
      BitSet filled = new BitSet(halfWidth * halfHeight);
      long[] sums = new long[channels];
      for (int y = 0; y < halfHeight; y++) {
        for (int x = 0; x < halfWidth; x++) {
          java.util.Arrays.fill(sums, 0);
          long weight = 0;
          for (int part = 0; part < 4; part++) {
            int fromX = 2 * x + (part & 1);
            int fromY = 2 * y + (part >> 1);
            int pixel = fromY * width + fromX;
            if (fromX < width && fromY < height && known.get(pixel)) {
              int share = weights == null ? 1 : weights.at(pixel);
              weight += share;
              for (int c = 0; c < channels; c++) {
                sums[c] += (long) share * samples.at(pixel * channels + c);
              }
            }
          }
          if (weight > 0) {
            int to = y * halfWidth + x;
            filled.set(to);
            for (int c = 0; c < channels; c++) {
              put(means, to * channels + c, (int) ((sums[c] + weight / 2) / weight));
            }
          }
        }
      }
      return new Level(halfWidth, halfHeight, channels, means, filled);
    }

    /** Gives a colour to the pixels that have none, bilinear from a level of half the size. */
    void fillFrom(Level coarser) {
      for (int pixel = known.nextClearBit(0);
          pixel < width * height;
          pixel = known.nextClearBit(pixel + 1)) {
        int x = pixel % width;
        int y = pixel / width;
        int nearX = x / 2;
        int nearY = y / 2;
        int farX = Math.max(0, Math.min(coarser.width - 1, nearX + ((x & 1) == 0 ? -1 : 1)));
        int farY = Math.max(0, Math.min(coarser.height - 1, nearY + ((y & 1) == 0 ? -1 : 1)));
        for (int c = 0; c < channels; c++) {
          int sum =
              9 * coarser.at(nearX, nearY, c)
                  + 3 * coarser.at(farX, nearY, c)
                  + 3 * coarser.at(nearX, farY, c)
                  + coarser.at(farX, farY, c);
          put(samples, pixel * channels + c, (sum + 8) >> 4);
        }
      }
    }

    /** Gives faint pixels back as much of their own colour as they show. */
    void keepShare(Samples own, Samples alpha, int faint) {
      for (int pixel = 0; pixel < width * height; pixel++) {
        int share = alpha.at(pixel);
        if (share > 0 && share < faint) {
          for (int c = 0; c < channels; c++) {
            int index = pixel * channels + c;
            long mixed = (long) share * own.at(index) + (long) (faint - share) * samples.at(index);
            put(samples, index, (int) ((mixed + faint / 2) / faint));
          }
        }
      }
    }

    private int at(int x, int y, int channel) {
      return samples.at((y * width + x) * channels + channel);
    }

    private static void put(Samples samples, int index, int value) {
      if (samples instanceof Samples.Bytes bytes) {
        bytes.values()[index] = (byte) value;
      } else {
        ((Samples.Words) samples).values()[index] = (short) value;
      }
    }
  }
}
