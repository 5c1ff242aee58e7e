package dev.fovea.pictures.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads the CHW float arrays of a golden {@code .npz} file, a zip of {@code .npy} entries. */
public final class Npz {
  private static final Pattern SHAPE =
      Pattern.compile("'descr': '<f4', 'fortran_order': False, 'shape': \\(([0-9, ]+)\\)");

  private Npz() {}

  /** All arrays by name. */
  public static Map<String, Planes> read(String resource) {
    Map<String, Planes> arrays = new LinkedHashMap<>();
    try (InputStream stream = Npz.class.getResourceAsStream(resource);
        ZipInputStream zip = new ZipInputStream(stream)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        arrays.put(entry.getName().replace(".npy", ""), planes(zip.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
    return arrays;
  }

  private static Planes planes(byte[] npy) {
    ByteBuffer buffer = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = buffer.getShort(8) & 0xFFFF;
    String header = new String(npy, 10, headerLength, StandardCharsets.ISO_8859_1);
    Matcher matcher = SHAPE.matcher(header);
    if (!matcher.find()) {
      throw new IllegalArgumentException("not a float32 array: " + header);
    }
    int[] shape =
        Stream.of(matcher.group(1).split(",")).mapToInt(n -> Integer.parseInt(n.trim())).toArray();
    float[] samples = new float[(npy.length - 10 - headerLength) / 4];
    buffer.position(10 + headerLength);
    buffer.asFloatBuffer().get(samples);
    return new Planes(shape[0], shape[1], shape[2], samples);
  }
}
