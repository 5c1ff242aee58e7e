package dev.fovea.decode;

import dev.fovea.picture.Picture;
import dev.fovea.picture.RejectedPictureException;
import dev.fovea.picture.Samples;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG (third edition of the specification): all colour types and depths, interlaced or not.
 * Rows are inflated one at a time; the picture is the only large allocation. gAMA, cHRM and cICP
 * are not applied.
 */
final class PngDecoder {
  /** Deflate cannot expand by more than this. */
  private static final long MAX_EXPANSION = 1032;

  private final PngChunks chunks;
  private final byte[] file;
  private final Inflater inflater;
  private int nextChunk;

  private PngDecoder(PngChunks chunks, byte[] file, Inflater inflater) {
    this.chunks = chunks;
    this.file = file;
    this.inflater = inflater;
  }

  /**
   * Decodes the picture of a file.
   *
   * @param chunks of the same file, used once
   */
  static Stored decode(byte[] file, PngChunks chunks) throws RejectedPictureException {
    checkDataCanSuffice(chunks);
    Inflater inflater = new Inflater();
    try {
      return new PngDecoder(chunks, file, inflater).decode();
    } catch (DataFormatException e) {
      throw new RejectedPictureException("PNG data is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static void checkDataCanSuffice(PngChunks chunks) throws RejectedPictureException {
    long compressed = 0;
    for (int i = 0; i < chunks.dataChunks(); i++) {
      compressed += chunks.dataLength(i);
    }
    long needed = chunks.header().streamBytes();
    if (compressed * MAX_EXPANSION < needed) {
      throw new RejectedPictureException(
          "PNG declares %d bytes of rows but holds only %d compressed"
              .formatted(needed, compressed));
    }
  }

  private Stored decode() throws DataFormatException, RejectedPictureException {
    PngHeader header = chunks.header();
    PngPixels pixels = new PngPixels(header, chunks.palette(), chunks.transparency());
    if (header.interlaced()) {
      for (Adam7 pass : Adam7.values()) {
        readRows(
            pixels,
            pass.columns(header.width()),
            pass.rows(header.height()),
            pass.x,
            pass.y,
            pass.stepX,
            pass.stepY);
      }
    } else {
      readRows(pixels, header.width(), header.height(), 0, 0, 1, 1);
    }
    List<String> notes = chunks.notes();
    if (!reachesEnd()) {
      notes.add("more data than the picture needs ignored");
    }
    if (pixels.indicesOutside()) {
      notes.add("palette indices beyond the palette read as black");
    }
    Optional<Samples> alpha = pixels.alpha();
    return new Stored(
        new Picture(
            header.width(),
            header.height(),
            header.grey(),
            pixels.samples(),
            alpha,
            chunks.icc(),
            chunks.exif()),
        chunks.frames(),
        notes);
  }

  private void readRows(PngPixels pixels, int columns, int rows, int x, int y, int stepX, int stepY)
      throws DataFormatException, RejectedPictureException {
    if (columns <= 0 || rows <= 0) {
      return;
    }
    int bytes = chunks.header().rowBytes(columns);
    int pixelBytes = Math.max(1, chunks.header().bitsPerPixel() / 8);
    // The filter byte stands first; an upper row of zeros precedes each pass.
    byte[] row = new byte[bytes + 1];
    byte[] above = new byte[bytes + 1];
    for (int i = 0; i < rows; i++) {
      fill(row);
      unfilter(row, above, pixelBytes);
      pixels.put(row, 1, columns, x, y + i * stepY, stepX);
      byte[] swapped = above;
      above = row;
      row = swapped;
    }
  }

  private void fill(byte[] row) throws DataFormatException, RejectedPictureException {
    int at = 0;
    while (at < row.length) {
      int count = inflater.inflate(row, at, row.length - at);
      at += count;
      if (count == 0 && !feed()) {
        throw new RejectedPictureException("PNG data ends before the last row");
      }
    }
  }

  /** Whether the inflater was given more input. */
  private boolean feed() {
    if (inflater.finished() || inflater.needsDictionary() || nextChunk == chunks.dataChunks()) {
      return false;
    }
    inflater.setInput(file, chunks.dataStart(nextChunk), chunks.dataLength(nextChunk));
    nextChunk++;
    return true;
  }

  /** Whether the data stream ends, checksum included, with the picture. */
  private boolean reachesEnd() throws DataFormatException {
    byte[] beyond = new byte[1];
    while (!inflater.finished()) {
      int count = inflater.inflate(beyond);
      if (count > 0 || (!inflater.finished() && !feed())) {
        return false;
      }
    }
    return inflater.getRemaining() == 0 && nextChunk == chunks.dataChunks();
  }

  private static void unfilter(byte[] row, byte[] above, int pixelBytes)
      throws RejectedPictureException {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = 1 + pixelBytes; i < row.length; i++) {
          row[i] += row[i - pixelBytes];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        int head = Math.min(row.length, 1 + pixelBytes);
        for (int i = 1; i < head; i++) {
          row[i] += (byte) ((above[i] & 0xFF) >> 1);
        }
        for (int i = head; i < row.length; i++) {
          row[i] += (byte) (((row[i - pixelBytes] & 0xFF) + (above[i] & 0xFF)) >> 1);
        }
      }
      case 4 -> {
        if (pixelBytes == 3) {
          unfilterPaethOfThree(row, above);
        } else {
          unfilterPaeth(row, above, pixelBytes);
        }
      }
      default ->
          throw new RejectedPictureException(
              "PNG row with the unknown filter %d".formatted(row[0] & 0xFF));
    }
  }

  private static void unfilterPaeth(byte[] row, byte[] above, int pixelBytes) {
    int head = Math.min(row.length, 1 + pixelBytes);
    for (int i = 1; i < head; i++) {
      row[i] += above[i];
    }
    for (int i = head; i < row.length; i++) {
      row[i] +=
          (byte) paeth(row[i - pixelBytes] & 0xFF, above[i] & 0xFF, above[i - pixelBytes] & 0xFF);
    }
  }

  /**
   * The usual RGB of 8 bits, its neighbours kept in locals: this is where most of the time goes.
   */
  private static void unfilterPaethOfThree(byte[] row, byte[] above) {
    int leftRed = 0;
    int leftGreen = 0;
    int leftBlue = 0;
    int cornerRed = 0;
    int cornerGreen = 0;
    int cornerBlue = 0;
    for (int i = 1; i + 2 < row.length; i += 3) {
      int red = above[i] & 0xFF;
      int green = above[i + 1] & 0xFF;
      int blue = above[i + 2] & 0xFF;
      leftRed = (row[i] + paeth(leftRed, red, cornerRed)) & 0xFF;
      leftGreen = (row[i + 1] + paeth(leftGreen, green, cornerGreen)) & 0xFF;
      leftBlue = (row[i + 2] + paeth(leftBlue, blue, cornerBlue)) & 0xFF;
      row[i] = (byte) leftRed;
      row[i + 1] = (byte) leftGreen;
      row[i + 2] = (byte) leftBlue;
      cornerRed = red;
      cornerGreen = green;
      cornerBlue = blue;
    }
  }

  private static int paeth(int left, int up, int corner) {
    int byLeft = Math.abs(up - corner);
    int byUp = Math.abs(left - corner);
    int byCorner = Math.abs(left + up - 2 * corner);
    if (byLeft <= byUp && byLeft <= byCorner) {
      return left;
    }
    return byUp <= byCorner ? up : corner;
  }
}
