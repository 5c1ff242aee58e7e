package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes baseline JPEG row by row, sample for sample as libjpeg does with its default settings;
 * holds one row of units (8 or 16 rows of pixels).
 */
final class JpegRowEncoder implements RowEncoder {
  /** From here on chroma keeps its full resolution, where halving it would show first. */
  private static final int FULL_CHROMA_QUALITY = 90;

  private final OutputStream out;
  private final RowCount rows;
  private final JpegBlocks blocks;
  private final int[] lumaTable;
  private final int[] chromaTable;
  private final int width;
  private final int colours;

  /** Sampling factor of luma both ways: 2 where chroma is halved. */
  private final int factor;

  private final int unitsWide;
  private final int stride;

  /** Rows of the unit row in the making, one plane a colour, at full resolution. */
  private final byte[][] planes;

  private final int[] block = new int[64];
  private final int[] previous = new int[3];
  private int rowsHeld;
  private boolean closed;

  JpegRowEncoder(OutputStream out, PictureLayout layout, Encoding.Jpeg settings)
      throws IOException {
    this.out = out;
    rows = new RowCount(settings, layout);
    width = layout.width();
    colours = layout.grey() ? 1 : 3;
    factor = colours == 3 && settings.quality() < FULL_CHROMA_QUALITY ? 2 : 1;
    unitsWide = (width + 8 * factor - 1) / (8 * factor);
    stride = unitsWide * 8 * factor;
    planes = new byte[colours][8 * factor * stride];
    lumaTable = JpegHeader.lumaTable(settings.quality());
    chromaTable = JpegHeader.chromaTable(settings.quality());
    blocks = new JpegBlocks(out);
    JpegHeader.write(out, layout, lumaTable, chromaTable, factor);
  }

  /** Bytes of memory for a picture: a row of units of at most 16 rows. */
  static long memoryBytes(PictureLayout layout) {
    return 16L * 3 * (layout.width() + 16L) + (1 << 16);
  }

  @Override
  public int rowsLeft() {
    return rows.left();
  }

  @Override
  public void write(Picture band) throws IOException {
    rows.take(band);
    byte[] samples = Flattening.onWhite(band);
    for (int y = 0; y < band.height(); y++) {
      if (colours == 1) {
        System.arraycopy(samples, y * width, planes[0], rowsHeld * stride, width);
      } else {
        toYcc(samples, 3 * y * width, rowsHeld * stride);
      }
      for (byte[] plane : planes) {
        int end = rowsHeld * stride + width;
        Arrays.fill(plane, end, (rowsHeld + 1) * stride, plane[end - 1]);
      }
      if (++rowsHeld == 8 * factor) {
        putUnits();
        rowsHeld = 0;
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    rows.checkNoneLeft();
    if (rowsHeld > 0) {
      putUnits();
    }
    blocks.finish();
    out.write(0xFF);
    out.write(0xD9);
  }

  private void toYcc(byte[] rgb, int from, int to) {
    byte[] y = planes[0];
    byte[] cb = planes[1];
    byte[] cr = planes[2];
    for (int x = 0, at = from; x < width; x++, at += 3) {
      int red = rgb[at] & 0xFF;
      int green = rgb[at + 1] & 0xFF;
      int blue = rgb[at + 2] & 0xFF;
      // BT.601 in 16 bits of fraction; chroma is rounded half down, as libjpeg does.
      y[to + x] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
      cb[to + x] = (byte) ((-11059 * red - 21709 * green + 32768 * blue + 8421375) >> 16);
      cr[to + x] = (byte) ((32768 * red - 27439 * green - 5329 * blue + 8421375) >> 16);
    }
  }

  /** Writes the held rows as one row of units. */
  private void putUnits() throws IOException {
    int lumaBlocksWide = (width + 7) / 8;
    int lumaBlocksHigh = (rowsHeld + 7) / 8;
    byte[] luma = planes[0];
    int held = rowsHeld;
    for (int y = held; y < 8 * lumaBlocksHigh; y++) {
      System.arraycopy(luma, (held - 1) * stride, luma, y * stride, stride);
    }
    int chromaRows = colours == 1 ? 0 : halveChroma();
    for (int unit = 0; unit < unitsWide; unit++) {
      for (int v = 0; v < factor; v++) {
        for (int h = 0; h < factor; h++) {
          int blockX = unit * factor + h;
          if (blockX < lumaBlocksWide && v < lumaBlocksHigh) {
            load(luma, 8 * v * stride + 8 * blockX, 8);
            previous[0] = blocks.put(block, lumaTable, true, previous[0]);
          } else {
            blocks.putSame(true);
          }
        }
      }
      for (int colour = 1; colour < colours; colour++) {
        load(planes[colour], 8 * unit, chromaRows);
        previous[colour] = blocks.put(block, chromaTable, false, previous[colour]);
      }
    }
  }

  /** Chroma in place at its final size; the number of rows it has, further ones repeat the last. */
  private int halveChroma() {
    if (factor == 1) {
      return rowsHeld;
    }
    int chromaRows = (rowsHeld + 1) / 2;
    for (int colour = 1; colour < 3; colour++) {
      byte[] plane = planes[colour];
      for (int y = 0; y < chromaRows; y++) {
        int upper = 2 * y * stride;
        int lower = Math.min(2 * y + 1, rowsHeld - 1) * stride;
        int to = y * stride;
        for (int x = 0; x < stride / 2; x++) {
          int sum =
              (plane[upper + 2 * x] & 0xFF)
                  + (plane[upper + 2 * x + 1] & 0xFF)
                  + (plane[lower + 2 * x] & 0xFF)
                  + (plane[lower + 2 * x + 1] & 0xFF);
          // Rounding alternates between up and down, as in libjpeg.
          plane[to + x] = (byte) ((sum + 1 + (x & 1)) >> 2);
        }
      }
    }
    return chromaRows;
  }

  private void load(byte[] plane, int from, int validRows) {
    for (int y = 0, to = 0; y < 8; y++) {
      int at = from + Math.min(y, validRows - 1) * stride;
      for (int x = 0; x < 8; x++) {
        block[to++] = (plane[at + x] & 0xFF) - 128;
      }
    }
  }
}
