package dev.fovea.encode;

import dev.fovea.picture.Picture;
import dev.fovea.picture.Samples;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG of 8 or 16 bits, grey or RGB, with alpha, colour profile and EXIF block. */
public final class PngEncoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  private PngEncoder() {}

  /** The bytes of a complete file; decoding it gives the same samples. */
  public static byte[] encode(Picture picture) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    chunk(file, "IHDR", header(picture));
    picture.icc().ifPresent(profile -> chunk(file, "iCCP", namedProfile(profile)));
    picture.exif().ifPresent(block -> chunk(file, "eXIf", block));
    chunk(file, "IDAT", deflatedRows(picture));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static byte[] header(Picture picture) {
    byte[] header = new byte[13];
    putInt(header, 0, picture.width());
    putInt(header, 4, picture.height());
    header[8] = (byte) picture.bitDepth();
    header[9] = (byte) ((picture.grey() ? 0 : 2) | (picture.alpha().isPresent() ? 4 : 0));
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
    drain(deflater, body);
    deflater.end();
    return body.toByteArray();
  }

  private static byte[] deflatedRows(Picture picture) {
    int channels = picture.channels() + (picture.alpha().isPresent() ? 1 : 0);
    int pixelBytes = channels * picture.bitDepth() / 8;
    PngFilter filter = new PngFilter(pixelBytes, Math.multiplyExact(picture.width(), pixelBytes));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(6);
    for (int y = 0; y < picture.height(); y++) {
      fillRow(picture, y, filter.row());
      deflater.setInput(filter.filtered());
      drain(deflater, body);
    }
    deflater.finish();
    drain(deflater, body);
    deflater.end();
    return body.toByteArray();
  }

  private static void fillRow(Picture picture, int y, byte[] row) {
    int colours = picture.channels();
    Samples samples = picture.samples();
    Samples alpha = picture.alpha().orElse(null);
    boolean wide = picture.bitDepth() == 16;
    int to = 0;
    int pixel = y * picture.width();
    if (!wide && alpha == null) {
      System.arraycopy(
          samples.toBytes().values(), pixel * colours, row, 0, picture.width() * colours);
      return;
    }
    for (int x = 0; x < picture.width(); x++, pixel++) {
      for (int c = 0; c < colours; c++) {
        to = put(row, to, samples.at(pixel * colours + c), wide);
      }
      if (alpha != null) {
        to = put(row, to, alpha.at(pixel), wide);
      }
    }
  }

  private static int put(byte[] row, int to, int value, boolean wide) {
    int next = to;
    if (wide) {
      row[next++] = (byte) (value >>> 8);
    }
    row[next++] = (byte) value;
    return next;
  }

  private static void drain(Deflater deflater, ByteArrayOutputStream into) {
    byte[] buffer = new byte[1 << 14];
    for (int count = deflater.deflate(buffer); count > 0; count = deflater.deflate(buffer)) {
      into.write(buffer, 0, count);
    }
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] body) {
    byte[] head = new byte[8];
    putInt(head, 0, body.length);
    System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, head, 4, 4);
    CRC32 crc = new CRC32();
    crc.update(head, 4, 4);
    crc.update(body);
    byte[] tail = new byte[4];
    putInt(tail, 0, (int) crc.getValue());
    file.writeBytes(head);
    file.writeBytes(body);
    file.writeBytes(tail);
  }

  private static void putInt(byte[] into, int at, int value) {
    into[at] = (byte) (value >>> 24);
    into[at + 1] = (byte) (value >>> 16);
    into[at + 2] = (byte) (value >>> 8);
    into[at + 3] = (byte) value;
  }
}
