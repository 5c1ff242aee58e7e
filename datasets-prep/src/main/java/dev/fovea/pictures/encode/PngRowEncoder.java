package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PngColours;
import dev.fovea.pictures.metadata.PngText;
import dev.fovea.pictures.metadata.RawProfile;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG row by row; holds a few rows and one chunk of compressed data. */
final class PngRowEncoder implements RowEncoder {
  /** Leaves room for the filter's number in an array. */
  static final int MAX_ROW_BYTES = Integer.MAX_VALUE - 16;

  /** Compressed bytes of a chunk. */
  private static final int CHUNK = 1 << 18;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  private final OutputStream out;
  private final RowCount rows;
  private final PngFilter filter;
  private final Deflater deflater;
  private final byte[] chunk = new byte[CHUNK];
  private int filled;
  private boolean closed;

  PngRowEncoder(OutputStream out, PictureLayout layout, Encoding.Png settings) throws IOException {
    this.out = out;
    rows = new RowCount(settings, layout);
    int pixelBytes = layout.samplesPerPixel() * layout.bitDepth() / 8;
    filter = new PngFilter(settings.filtering(), pixelBytes, (int) rowBytes(layout));
    out.write(SIGNATURE);
    chunk("IHDR", header(layout));
    write(layout.metadata());
    // Last, since it holds memory that only end() frees.
    deflater = new Deflater(settings.level());
  }

  private void write(Metadata metadata) throws IOException {
    PngColours colours = metadata.colours();
    if (metadata.icc().isPresent()) {
      colours = colours.besideProfile();
      chunk("iCCP", namedProfile(metadata.icc().get()));
    }
    for (Map.Entry<String, byte[]> colour : colours.chunks().entrySet()) {
      chunk(colour.getKey(), colour.getValue());
    }
    if (metadata.density().isPresent()) {
      chunk("pHYs", metadata.density().get().phys());
    }
    if (metadata.exif().isPresent()) {
      chunk("eXIf", metadata.exif().get());
    }
    List<PngText> texts = new ArrayList<>(metadata.texts());
    metadata.xmp().map(PngText::ofXmp).ifPresent(texts::add);
    metadata.iptc().map(RawProfile::ofIptc).ifPresent(texts::add);
    for (PngText text : texts) {
      chunk(text.type(), text.data());
    }
  }

  static long rowBytes(PictureLayout layout) {
    return (long) layout.width() * layout.samplesPerPixel() * layout.bitDepth() / 8;
  }

  @Override
  public int rowsLeft() {
    return rows.left();
  }

  @Override
  public void write(Picture band) throws IOException {
    rows.take(band);
    for (int y = 0; y < band.height(); y++) {
      fillRow(band, y, filter.row());
      deflater.setInput(filter.filtered());
      drain();
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      rows.checkNoneLeft();
      deflater.finish();
      drain();
      chunk("IDAT", chunk, filled);
      chunk("IEND", new byte[0]);
    } finally {
      deflater.end();
    }
  }

  private void drain() throws IOException {
    while (true) {
      int count = deflater.deflate(chunk, filled, CHUNK - filled);
      if (count == 0) {
        return;
      }
      filled += count;
      if (filled == CHUNK) {
        chunk("IDAT", chunk, filled);
        filled = 0;
      }
    }
  }

  private static byte[] header(PictureLayout layout) {
    byte[] header = new byte[13];
    putInt(header, 0, layout.width());
    putInt(header, 4, layout.height());
    header[8] = (byte) layout.bitDepth();
    header[9] = (byte) ((layout.grey() ? 0 : 2) | (layout.alpha() ? 4 : 0));
    return header;
  }

  private static byte[] namedProfile(byte[] profile) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("ICC profile".getBytes(StandardCharsets.ISO_8859_1));
    body.write(0);
    body.write(0);
    Deflater deflater = new Deflater();
    deflater.setInput(profile);
    deflater.finish();
    byte[] buffer = new byte[1 << 14];
    for (int count = deflater.deflate(buffer); count > 0; count = deflater.deflate(buffer)) {
      body.write(buffer, 0, count);
    }
    deflater.end();
    return body.toByteArray();
  }

  private static void fillRow(Picture band, int y, byte[] row) {
    int channels = band.channels();
    int step = channels + (band.alpha().isPresent() ? 1 : 0);
    int pixel = y * band.width();
    put(band.samples(), pixel * channels, channels, row, 0, step, band.width());
    band.alpha().ifPresent(alpha -> put(alpha, pixel, 1, row, channels, step, band.width()));
  }

  /** Puts runs of {@code channels} samples {@code step} samples apart, 16 bits high byte first. */
  private static void put(
      Samples from, int start, int channels, byte[] row, int first, int step, int pixels) {
    if (from instanceof Samples.Bytes bytes) {
      byte[] values = bytes.values();
      if (channels == step) {
        System.arraycopy(values, start, row, 0, pixels * channels);
        return;
      }
      for (int c = 0; c < channels; c++) {
        for (int i = 0, at = start + c, to = first + c; i < pixels; i++, at += channels) {
          row[to] = values[at];
          to += step;
        }
      }
      return;
    }
    short[] values = ((Samples.Words) from).values();
    for (int c = 0; c < channels; c++) {
      for (int i = 0, at = start + c, to = 2 * (first + c); i < pixels; i++, at += channels) {
        row[to] = (byte) (values[at] >> 8);
        row[to + 1] = (byte) values[at];
        to += 2 * step;
      }
    }
  }

  private void chunk(String type, byte[] body) throws IOException {
    chunk(type, body, body.length);
  }

  private void chunk(String type, byte[] body, int length) throws IOException {
    byte[] head = new byte[8];
    putInt(head, 0, length);
    System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, head, 4, 4);
    CRC32 crc = new CRC32();
    crc.update(head, 4, 4);
    crc.update(body, 0, length);
    byte[] tail = new byte[4];
    putInt(tail, 0, (int) crc.getValue());
    out.write(head);
    out.write(body, 0, length);
    out.write(tail);
  }

  private static void putInt(byte[] into, int at, int value) {
    into[at] = (byte) (value >>> 24);
    into[at + 1] = (byte) (value >>> 16);
    into[at + 2] = (byte) (value >>> 8);
    into[at + 3] = (byte) value;
  }
}
