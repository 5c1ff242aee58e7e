package dev.fovea.pictures.fingerprint;

import dev.fovea.pictures.picture.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * 256 bits that say what a picture looks like (after pHash, Zauner 2010): the luma is averaged to
 * 64x64, and of its cosine transform the 16x16 lowest frequencies each give a bit, whether they lie
 * above the median. Compression, noise and a change of size flip few of the bits; of pictures that
 * have nothing to do with each other about half differ.
 *
 * @param a bits of rows 0 to 3 of the frequencies, lowest first
 * @param b of rows 4 to 7
 * @param c of rows 8 to 11
 * @param d of rows 12 to 15
 */
public record PerceptualHash(long a, long b, long c, long d) {
  /**
   * Pictures with at most this many different bits count as the same: well above what a copy
   * differs by, well below what strangers do (the measurements are in docs/reports.md).
   */
  public static final int SAME = 50;

  /** Orientations that a picture can be turned and mirrored to. */
  public static final int ORIENTATIONS = 8;

  private static final int SIDE = 64;
  private static final int KEPT = 16;

  /** Standard deviation of the luma below which noise decides the bits, 8-bit levels. */
  private static final double FLAT = 2;

  private static final double[][] COSINES = cosines();

  /** The hash of a picture of 8 bits, or nothing where it is too flat to have one. */
  public static Optional<PerceptualHash> of(Picture picture) {
    return frequencies(picture).map(PerceptualHash::bits);
  }

  /**
   * The hashes of the picture as it is, and as it would be turned and mirrored, in all eight ways;
   * none where it is too flat. The first is that of {@link #of}.
   */
  public static List<PerceptualHash> ofAllOrientations(Picture picture) {
    List<PerceptualHash> hashes = new ArrayList<>(ORIENTATIONS);
    frequencies(picture)
        .ifPresent(
            frequencies -> {
              for (int orientation = 0; orientation < ORIENTATIONS; orientation++) {
                hashes.add(bits(turned(frequencies, orientation)));
              }
            });
    return hashes;
  }

  /** How many bits differ, 0 to 256. */
  public int distance(PerceptualHash other) {
    return Long.bitCount(a ^ other.a)
        + Long.bitCount(b ^ other.b)
        + Long.bitCount(c ^ other.c)
        + Long.bitCount(d ^ other.d);
  }

  /** 64 hexadecimal digits. */
  public String hex() {
    return "%016x%016x%016x%016x".formatted(a, b, c, d);
  }

  /**
   * Reads what {@link #hex} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static PerceptualHash ofHex(String hex) {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "perceptual hash '%s' is not 64 hexadecimal digits".formatted(hex));
    }
    return new PerceptualHash(
        Long.parseUnsignedLong(hex, 0, 16, 16),
        Long.parseUnsignedLong(hex, 16, 32, 16),
        Long.parseUnsignedLong(hex, 32, 48, 16),
        Long.parseUnsignedLong(hex, 48, 64, 16));
  }

  /** Mirroring negates the odd frequencies, transposing swaps both directions. */
  private static double[] turned(double[] frequencies, int orientation) {
    double[] turned = new double[frequencies.length];
    for (int row = 0; row < KEPT; row++) {
      for (int column = 0; column < KEPT; column++) {
        double value =
            (orientation & 4) == 0
                ? frequencies[row * KEPT + column]
                : frequencies[column * KEPT + row];
        boolean negated =
            ((orientation & 1) != 0 && column % 2 == 1) ^ ((orientation & 2) != 0 && row % 2 == 1);
        turned[row * KEPT + column] = negated ? -value : value;
      }
    }
    return turned;
  }

  private static PerceptualHash bits(double[] frequencies) {
    double[] sorted = frequencies.clone();
    Arrays.sort(sorted);
    double median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    long[] bits = new long[4];
    for (int i = 0; i < frequencies.length; i++) {
      if (frequencies[i] > median) {
        bits[i / 64] |= 1L << (i % 64);
      }
    }
    return new PerceptualHash(bits[0], bits[1], bits[2], bits[3]);
  }

  private static Optional<double[]> frequencies(Picture picture) {
    double[] luma = SmallLuma.of(picture, SIDE);
    double mean = Arrays.stream(luma).average().orElse(0);
    double variance = Arrays.stream(luma).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    if (variance < FLAT * FLAT) {
      return Optional.empty();
    }
    double[] between = new double[SIDE * KEPT];
    for (int y = 0; y < SIDE; y++) {
      for (int column = 0; column < KEPT; column++) {
        double sum = 0;
        for (int x = 0; x < SIDE; x++) {
          sum += luma[y * SIDE + x] * COSINES[column][x];
        }
        between[y * KEPT + column] = sum;
      }
    }
    double[] frequencies = new double[KEPT * KEPT];
    for (int row = 0; row < KEPT; row++) {
      for (int column = 0; column < KEPT; column++) {
        double sum = 0;
        for (int y = 0; y < SIDE; y++) {
          sum += between[y * KEPT + column] * COSINES[row][y];
        }
        frequencies[row * KEPT + column] = sum;
      }
    }
    return Optional.of(frequencies);
  }

  private static double[][] cosines() {
    double[][] cosines = new double[KEPT][SIDE];
    for (int k = 0; k < KEPT; k++) {
      for (int x = 0; x < SIDE; x++) {
        cosines[k][x] = Math.cos(Math.PI * k * (2 * x + 1) / (2 * SIDE));
      }
    }
    return cosines;
  }
}
