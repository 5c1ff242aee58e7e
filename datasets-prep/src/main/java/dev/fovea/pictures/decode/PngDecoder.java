package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG (third edition of the specification): all colour types and depths, interlaced or not.
 * Rows are inflated one at a time; the picture is the only large allocation.
 */
final class PngDecoder {
  /** Deflate cannot expand by more than this. */
  static final long MAX_EXPANSION = 1032;

  private final PngChunks chunks;
  private final byte[] file;
  private final Inflater inflater;
  private final Deadline deadline;
  private int nextChunk;
  private int rowsRead;

  private PngDecoder(PngChunks chunks, byte[] file, Inflater inflater, Deadline deadline) {
    this.chunks = chunks;
    this.file = file;
    this.inflater = inflater;
    this.deadline = deadline;
  }

  /**
   * Decodes the picture of a file.
   *
   * @param chunks of the same file, used once
   */
  static Stored decode(byte[] file, PngChunks chunks, Damage damage, Deadline deadline)
      throws RejectedPictureException {
    checkDataCanSuffice(chunks);
    Inflater inflater = new Inflater();
    try {
      return new PngDecoder(chunks, file, inflater, deadline).decode(damage);
    } catch (DataFormatException e) {
      throw new RejectedPictureException(damaged(e), e);
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

  private Stored decode(Damage damage) throws DataFormatException, RejectedPictureException {
    PngHeader header = chunks.header();
    PngPixels pixels = new PngPixels(header, chunks.palette(), chunks.transparency());
    List<String> notes = chunks.notes();
    try {
      readRows(pixels);
      if (!reachesEnd()) {
        notes.add("more data than the picture needs ignored");
      }
    } catch (RejectedPictureException | DataFormatException e) {
      if (damage == Damage.REJECT || rowsRead == 0) {
        throw e;
      }
      deadline.check();
      notes.add(e instanceof DataFormatException ? damaged(e) : e.getMessage());
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
            chunks.metadata()),
        chunks.frames(),
        notes);
  }

  private static String damaged(Exception e) {
    return "PNG data is damaged: " + e.getMessage();
  }

  private void readRows(PngPixels pixels) throws DataFormatException, RejectedPictureException {
    PngHeader header = chunks.header();
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
      deadline.spend(columns);
      PngUnfilter.undo(row, above, pixelBytes);
      pixels.put(row, 1, columns, x, y + i * stepY, stepX);
      rowsRead++;
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
}
