package dev.fovea.jobs.upscaling.audit;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares an output that has been made smaller again with its input: the whole, window by window,
 * and every channel with every other. An upscaled picture that shows what its source shows comes
 * back nearly as bicubic does; a tile from elsewhere does not, and neither do other channels.
 */
public final class BackProjection {
  /** Small, so that what is wrong in a smooth neighbourhood is not lost in a rough one. */
  private static final int WINDOW = 8;

  private static final double MOST_DB = 99;

  /** Squared 8-bit levels that count as nothing: rounding. */
  private static final double NOISE = 0.5;

  /** Of bicubic's squared error, what a trained network leaves of it, roughly. */
  private static final double USUAL_SHARE = 0.25;

  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };
  private static final String NAMES = "rgb";

  /** Another order of channels counts when it leaves less than this share of the error. */
  private static final double CLEARLY_LESS = 0.5;

  private final Picture low;
  private final Picture reduced;
  private final int colours;
  private final int channels;
  private final int columns;
  private final int rows;
  private final double[] ours;
  private final double[] bicubic;
  private final double[][] between = new double[3][3];
  private final ColumnErrors oursHere;
  private final ColumnErrors bicubicHere;

  /** Of the output's channels with the source's that stand beside them. */
  private final List<ColumnErrors> crossed;

  private double squares;

  private BackProjection(Picture low, Picture reduced) {
    this.low = low;
    this.reduced = reduced;
    colours = reduced.channels(); // WEBP has no grey.
    channels = colours + (low.alpha().isPresent() && reduced.alpha().isPresent() ? 1 : 0);
    columns = Math.max(1, low.width() / WINDOW);
    rows = Math.max(1, low.height() / WINDOW);
    ours = new double[columns * rows];
    bicubic = new double[columns * rows];
    int length = low.width() * channels;
    oursHere = new ColumnErrors(length, 0);
    bicubicHere = new ColumnErrors(length, 0);
    crossed =
        colours == 3
            ? IntStream.of(-2, -1, 1, 2).mapToObj(shift -> new ColumnErrors(length, shift)).toList()
            : List.of();
  }

  /**
   * Compares.
   *
   * @param low the input
   * @param reduced the output, reduced to the size of the input by MATLAB's bicubic
   * @throws IllegalArgumentException if sizes or channels differ
   */
  public static AuditFigures compare(Picture low, Picture reduced, int upscaleRatio) {
    if (low.width() != reduced.width()
        || low.height() != reduced.height()
        || (reduced.grey() && !low.grey())) {
      throw new IllegalArgumentException(
          "a picture of %dx%d, %d channels cannot be compared with one of %dx%d, %d channels"
              .formatted(
                  low.width(),
                  low.height(),
                  low.channels(),
                  reduced.width(),
                  reduced.height(),
                  reduced.channels()));
    }
    BackProjection projection = new BackProjection(low, reduced);
    projection.sum(RoundTrip.of(upscaleRatio));
    return projection.figures();
  }

  private void sum(RoundTrip trip) {
    int length = low.width() * channels;
    float[][] around = new float[2 * RoundTrip.REACH + 1][length];
    float[] scratch = new float[length];
    float[] expected = new float[length];
    float[] found = new float[length];
    for (int k = 0; k < around.length; k++) {
      levels(low, RoundTrip.mirrored(k - RoundTrip.REACH, low.height()), around[k]);
    }
    for (int y = 0; y < low.height(); y++) {
      if (y > 0) {
        float[] first = around[0];
        System.arraycopy(around, 1, around, 0, around.length - 1);
        around[around.length - 1] = first;
        levels(low, RoundTrip.mirrored(y + RoundTrip.REACH, low.height()), first);
      }
      trip.row(around, channels, scratch, expected);
      levels(reduced, y, found);
      row(around[RoundTrip.REACH], expected, found);
      int line = Math.min(rows - 1, y / WINDOW);
      if (y == low.height() - 1 || Math.min(rows - 1, (y + 1) / WINDOW) != line) {
        endLine(line);
      }
    }
  }

  private void row(float[] source, float[] expected, float[] found) {
    oursHere.add(found, source);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, Math.min(255, expected[i]));
    }
    bicubicHere.add(expected, source);
    for (ColumnErrors shifted : crossed) {
      shifted.add(found, source);
    }
  }

  /** Hands the columns' sums over to the windows of a line and to the whole. */
  private void endLine(int line) {
    for (int c = 0; c < channels; c++) {
      // Alpha is enlarged by bicubic, and so leaves all of its error.
      double share = c < colours ? 1 : USUAL_SHARE / 4;
      double sum = oursHere.sumByWindow(c, channels, WINDOW, share, ours, line * columns, columns);
      squares += sum;
      bicubicHere.sumByWindow(c, channels, WINDOW, 1, bicubic, line * columns, columns);
      if (c < colours) {
        between[c][c] += sum;
        for (ColumnErrors shifted : crossed) {
          int source = c + shifted.shift();
          if (source >= 0 && source < colours) {
            between[c][source] += shifted.sum(c, channels);
          }
        }
      }
    }
    oursHere.clear();
    bicubicHere.clear();
    crossed.forEach(ColumnErrors::clear);
  }

  private AuditFigures figures() {
    double worst = Double.NEGATIVE_INFINITY;
    int at = 0;
    double sumBicubic = 0;
    for (int i = 0; i < ours.length; i++) {
      double samples = (double) windowWidth(i % columns) * windowHeight(i / columns) * channels;
      double excess =
          10
              * Math.log10(
                  (ours[i] / samples + NOISE) / (USUAL_SHARE * bicubic[i] / samples + NOISE));
      if (excess > worst) {
        worst = excess;
        at = i;
      }
      sumBicubic += bicubic[i];
    }
    double all = (double) low.width() * low.height() * channels;
    String window =
        "%s,%s,%s,%s"
            .formatted(
                at % columns * WINDOW,
                at / columns * WINDOW,
                windowWidth(at % columns),
                windowHeight(at / columns));
    return new AuditFigures(
        rounded(psnr(squares / all)),
        rounded(psnr(sumBicubic / all)),
        rounded(worst),
        window,
        order(),
        "file");
  }

  private String order() {
    if (colours == 1) {
      return "grey";
    }
    double pixels = (double) low.width() * low.height();
    int best = 0;
    for (int i = 1; i < ORDERS.length; i++) {
      if (error(i) < error(best)) {
        best = i;
      }
    }
    // On a picture without colours all orders are alike.
    boolean clear = error(best) + NOISE * pixels < CLEARLY_LESS * error(0);
    int[] order = ORDERS[clear ? best : 0];
    return "" + NAMES.charAt(order[0]) + NAMES.charAt(order[1]) + NAMES.charAt(order[2]);
  }

  private double error(int order) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += between[c][ORDERS[order][c]];
    }
    return sum;
  }

  private int windowWidth(int column) {
    return column < columns - 1 ? WINDOW : low.width() - (columns - 1) * WINDOW;
  }

  private int windowHeight(int row) {
    return row < rows - 1 ? WINDOW : low.height() - (rows - 1) * WINDOW;
  }

  private void levels(Picture picture, int y, float[] into) {
    if (picture.samples() instanceof Samples.Bytes bytes
        && picture.channels() == channels
        && channels == colours) {
      byte[] values = bytes.values();
      int from = y * into.length;
      for (int i = 0; i < into.length; i++) {
        into[i] = values[from + i] & 0xFF;
      }
      return;
    }
    float scale = picture.bitDepth() == 8 ? 1 : 255f / 65535;
    Samples samples = picture.samples();
    Samples alpha = channels > colours ? picture.alpha().orElseThrow() : null;
    int pixel = y * picture.width();
    int to = 0;
    for (int x = 0; x < picture.width(); x++, pixel++) {
      for (int c = 0; c < colours; c++) {
        into[to++] = samples.at(picture.grey() ? pixel : 3 * pixel + c) * scale;
      }
      if (alpha != null) {
        into[to++] = alpha.at(pixel) * scale;
      }
    }
  }

  private static double psnr(double squares) {
    return squares == 0 ? MOST_DB : Math.min(MOST_DB, 10 * Math.log10(255 * 255 / squares));
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
