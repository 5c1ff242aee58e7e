package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads PNG of 8 or 16 bits, not interlaced and without palette, band by band: what our encoder
 * writes, of any size, in the memory of a few rows. Checksums and the file's completeness are
 * checked. Profile and EXIF block are passed over.
 */
public final class PngBands {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int BAND_BYTES = 1 << 20;
  private static final int INPUT = 1 << 16;

  private final DataInputStream in;
  private final CRC32 crc = new CRC32();
  private final byte[] input = new byte[INPUT];
  private long left;
  private String type = "";

  private PngBands(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * Reads a whole file.
   *
   * @param width that it must have
   * @param height that it must have
   * @param bands takes its rows from the top down
   * @throws RejectedPictureException if it is damaged, incomplete, of another size or of a kind
   *     that is not read band by band
   */
  public static void read(InputStream in, int width, int height, Consumer<Picture> bands)
      throws IOException {
    try {
      new PngBands(in).read(width, height, bands);
    } catch (EOFException e) {
      throw new RejectedPictureException("PNG ends early", e);
    } catch (DataFormatException e) {
      throw new RejectedPictureException("PNG with damaged data: " + e.getMessage(), e);
    }
  }

  private void read(int width, int height, Consumer<Picture> bands)
      throws IOException, DataFormatException {
    byte[] signature = new byte[SIGNATURE.length];
    in.readFully(signature);
    if (!java.util.Arrays.equals(signature, SIGNATURE)) {
      throw new RejectedPictureException("it is no PNG");
    }
    next();
    byte[] header = new byte[13];
    if (!type.equals("IHDR") || left != header.length) {
      throw new RejectedPictureException("PNG without a header");
    }
    in.readFully(header);
    crc.update(header);
    finish();
    Rows rows = new Rows(width, height, header, bands);
    Inflater inflater = new Inflater();
    try {
      for (next(); !type.equals("IEND"); next()) {
        boolean data = type.equals("IDAT");
        while (left > 0) {
          int count = (int) Math.min(left, INPUT);
          in.readFully(input, 0, count);
          crc.update(input, 0, count);
          left -= count;
          if (data) {
            inflater.setInput(input, 0, count);
            rows.take(inflater);
          }
        }
        finish();
      }
      finish();
      if (!inflater.finished() || !rows.complete()) {
        throw new RejectedPictureException("PNG without all of its rows");
      }
    } finally {
      inflater.end();
    }
  }

  private void next() throws IOException {
    left = Integer.toUnsignedLong(in.readInt());
    byte[] name = new byte[4];
    in.readFully(name);
    crc.reset();
    crc.update(name);
    type = new String(name, StandardCharsets.ISO_8859_1);
  }

  private void finish() throws IOException {
    if (in.readInt() != (int) crc.getValue()) {
      throw new RejectedPictureException("PNG with a wrong checksum in " + type);
    }
  }

  /** Takes inflated bytes, undoes the filters and puts bands together. */
  private static final class Rows {
    private final int width;
    private final int height;
    private final boolean wide;
    private final boolean grey;
    private final boolean alpha;
    private final int pixelBytes;
    private final Consumer<Picture> bands;
    private byte[] above;
    private byte[] row;
    private int filled;
    private int rowsDone;
    private Samples samples;
    private Samples opacity;
    private int bandRows;
    private int inBand;

    Rows(int width, int height, byte[] header, Consumer<Picture> bands)
        throws RejectedPictureException {
      this.width = width;
      this.height = height;
      this.bands = bands;
      int declaredWidth = Bytes.big32(header, 0);
      int declaredHeight = Bytes.big32(header, 4);
      if (declaredWidth != width || declaredHeight != height) {
        throw new RejectedPictureException(
            "PNG of %dx%d pixels instead of %dx%d"
                .formatted(declaredWidth, declaredHeight, width, height));
      }
      int depth = header[8];
      int colours = header[9];
      if ((depth != 8 && depth != 16)
          || (colours & ~6) != 0
          || header[10] != 0
          || header[11] != 0
          || header[12] != 0) {
        throw new RejectedPictureException(
            "PNG of %d bits and colour type %d is not read band by band".formatted(depth, colours));
      }
      wide = depth == 16;
      grey = (colours & 2) == 0;
      alpha = (colours & 4) != 0;
      pixelBytes = ((grey ? 1 : 3) + (alpha ? 1 : 0)) * depth / 8;
      row = new byte[Math.addExact(1, Math.multiplyExact(width, pixelBytes))];
      above = new byte[row.length];
      begin();
    }

    void take(Inflater inflater) throws DataFormatException, RejectedPictureException {
      while (true) {
        if (rowsDone == height) {
          // Only the end of the stream may follow.
          byte[] one = new byte[1];
          if (inflater.inflate(one) > 0) {
            throw new RejectedPictureException("PNG with more than its rows");
          }
          return;
        }
        int count = inflater.inflate(row, filled, row.length - filled);
        filled += count;
        if (filled == row.length) {
          finishRow();
        } else if (count == 0) {
          return;
        }
      }
    }

    boolean complete() {
      return rowsDone == height;
    }

    private void finishRow() throws RejectedPictureException {
      PngUnfilter.undo(row, above, pixelBytes);
      store();
      byte[] swapped = above;
      above = row;
      row = swapped;
      filled = 0;
      rowsDone++;
      inBand++;
      if (inBand == bandRows) {
        bands.accept(
            new Picture(
                width, bandRows, grey, samples, Optional.ofNullable(opacity), Metadata.NONE));
        begin();
      }
    }

    private void begin() {
      bandRows = Math.min(height - rowsDone, Math.max(1, BAND_BYTES / row.length));
      inBand = 0;
      int pixels = width * bandRows;
      samples = buffer(pixels * (grey ? 1 : 3));
      opacity = alpha ? buffer(pixels) : null;
    }

    private Samples buffer(int length) {
      return wide ? new Samples.Words(new short[length]) : new Samples.Bytes(new byte[length]);
    }

    private void store() {
      int colours = grey ? 1 : 3;
      if (!wide && !alpha) {
        byte[] values = ((Samples.Bytes) samples).values();
        System.arraycopy(row, 1, values, inBand * width * colours, width * colours);
        return;
      }
      int from = 1;
      int to = inBand * width * colours;
      int toAlpha = inBand * width;
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < colours; c++, from += wide ? 2 : 1) {
          put(samples, to++, from);
        }
        if (alpha) {
          put(opacity, toAlpha++, from);
          from += wide ? 2 : 1;
        }
      }
    }

    private void put(Samples into, int index, int from) {
      if (into instanceof Samples.Bytes bytes) {
        bytes.values()[index] = row[from];
      } else {
        ((Samples.Words) into).values()[index] =
            (short) ((row[from] << 8) | (row[from + 1] & 0xFF));
      }
    }
  }
}
