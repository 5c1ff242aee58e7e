package dev.fovea.pictures.metadata;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** PNG files with chunks of the test's own. */
public final class PngFiles {
  private static final int HEAD = 8 + 12 + 13;

  private PngFiles() {}

  /** A file with chunks, given as type and data in turn, behind its header. */
  public static byte[] with(Picture picture, Object... chunks) {
    byte[] file = PngEncoder.encode(picture);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, HEAD);
    for (int i = 0; i < chunks.length; i += 2) {
      out.writeBytes(chunk((String) chunks[i], (byte[]) chunks[i + 1]));
    }
    out.write(file, HEAD, file.length - HEAD);
    return out.toByteArray();
  }

  public static byte[] chunk(String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type.getBytes(StandardCharsets.ISO_8859_1)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) crc.getValue()).array();
  }

  /** Numbers of 32 bits. */
  public static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }
}
