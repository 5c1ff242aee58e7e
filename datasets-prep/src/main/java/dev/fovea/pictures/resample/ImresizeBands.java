package dev.fovea.pictures.resample;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;

/**
 * {@link Imresize#bicubic(Picture, int, int)} of a picture that comes in bands of whole rows from
 * the top down, such as one that is being written. Needs memory for the result and a few rows. Not
 * safe for use by several threads.
 */
public final class ImresizeBands {
  private final int width;
  private final int height;
  private final int newWidth;
  private final int newHeight;
  private Picture first;
  private Channels colours;
  private Channels alpha;
  private int rows;

  /**
   * @param width columns of the bands
   * @param height rows of all bands together
   * @param newWidth columns of the result
   * @param newHeight rows of the result
   * @throws IllegalArgumentException if one of them is less than 1
   */
  public ImresizeBands(int width, int height, int newWidth, int newHeight) {
    if (width < 1 || height < 1 || newWidth < 1 || newHeight < 1) {
      throw new IllegalArgumentException(
          "cannot resize %dx%d to %dx%d: all must be 1 or more"
              .formatted(width, height, newWidth, newHeight));
    }
    this.width = width;
    this.height = height;
    this.newWidth = newWidth;
    this.newHeight = newHeight;
  }

  /**
   * Takes the next rows.
   *
   * @throws IllegalArgumentException if the band is of another width or kind than the first, or has
   *     more rows than are left
   */
  public void add(Picture band) {
    if (first == null) {
      first = band;
      colours = new Channels(band.channels(), band.bitDepth());
      alpha = band.alpha().isPresent() ? new Channels(1, band.bitDepth()) : null;
    }
    if (band.width() != width
        || band.height() > height - rows
        || band.grey() != first.grey()
        || band.bitDepth() != first.bitDepth()
        || band.alpha().isPresent() != first.alpha().isPresent()) {
      throw new IllegalArgumentException(
          "band of %dx%d does not continue a picture of %dx%d after %d rows"
              .formatted(band.width(), band.height(), width, height, rows));
    }
    rows += band.height();
    colours.add(band.samples(), band.height());
    if (alpha != null) {
      alpha.add(band.alpha().orElseThrow(), band.height());
    }
  }

  /**
   * The resized picture, with the metadata of the first band.
   *
   * @throws IllegalStateException if rows are missing
   */
  public Picture finished() {
    if (rows < height) {
      throw new IllegalStateException("%d of %d rows are missing".formatted(height - rows, height));
    }
    return first.withSamples(
        newWidth,
        newHeight,
        colours.result,
        Optional.ofNullable(alpha).map(channels -> channels.result));
  }

  /** Interleaved channels that are resized together. */
  private final class Channels {
    private final int count;
    private final float[] row;
    private final IntegerRows resized;
    private final Samples result;

    Channels(int count, int bitDepth) {
      this.count = count;
      row = new float[Math.multiplyExact(width, count)];
      int length = Math.multiplyExact(Math.multiplyExact(newWidth, newHeight), count);
      result =
          bitDepth == 8
              ? new Samples.Bytes(new byte[length])
              : new Samples.Words(new short[length]);
      resized = new IntegerRows(count, width, height, newWidth, newHeight, bitDepth, this::store);
    }

    void add(Samples samples, int bandRows) {
      for (int y = 0; y < bandRows; y++) {
        int from = y * row.length;
        if (samples instanceof Samples.Bytes bytes) {
          byte[] values = bytes.values();
          for (int i = 0; i < row.length; i++) {
            row[i] = values[from + i] & 0xFF;
          }
        } else {
          short[] values = ((Samples.Words) samples).values();
          for (int i = 0; i < row.length; i++) {
            row[i] = values[from + i] & 0xFFFF;
          }
        }
        resized.put(row);
      }
    }

    private void store(int y, float[] levels) {
      for (int channel = 0; channel < count; channel++) {
        int from = channel * newWidth;
        int to = y * newWidth * count + channel;
        if (result instanceof Samples.Bytes bytes) {
          for (int x = 0; x < newWidth; x++, to += count) {
            bytes.values()[to] = (byte) (int) levels[from + x];
          }
        } else {
          short[] words = ((Samples.Words) result).values();
          for (int x = 0; x < newWidth; x++, to += count) {
            words[to] = (short) (int) levels[from + x];
          }
        }
      }
    }
  }
}
