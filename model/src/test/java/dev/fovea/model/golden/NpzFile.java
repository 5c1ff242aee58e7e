package dev.fovea.model.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Golden values: the little-endian float32 arrays in 'c' order of a NumPy .npz file. */
public record NpzFile(Map<String, Values> arrays) {
  private static final Pattern HEADER =
      Pattern.compile("'descr': '<f4', 'fortran_order': False, 'shape': \\(([^)]*)\\)");

  /** An array's shape and its elements in 'c' order. */
  @SuppressWarnings("ArrayRecordComponent") // read-only by agreement
  public record Values(long[] shape, float[] elements) {}

  /** Reads {@code /golden/<name>} from the test class path. */
  public static NpzFile golden(String name) {
    Map<String, Values> arrays = new HashMap<>();
    try (InputStream resource = NpzFile.class.getResourceAsStream("/golden/" + name);
        ZipInputStream zip = new ZipInputStream(resource)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String array = entry.getName().substring(0, entry.getName().length() - ".npy".length());
        arrays.put(array, parse(array, zip.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new NpzFile(arrays);
  }

  /** The array of the given name. */
  public Values get(String name) {
    Values values = arrays.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no array %s, only %s".formatted(name, arrays.keySet()));
    }
    return values;
  }

  private static Values parse(String name, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean first = buffer.get(6) == 1;
    int start = first ? 10 : 12;
    int length = first ? buffer.getShort(8) & 0xffff : buffer.getInt(8);
    String header = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.find()) {
      throw new IllegalArgumentException("array %s is not float32: %s".formatted(name, header));
    }
    long[] shape =
        Arrays.stream(matcher.group(1).split(",", -1))
            .map(String::trim)
            .filter(size -> !size.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    float[] elements = new float[(bytes.length - start - length) / Float.BYTES];
    buffer.position(start + length);
    buffer.asFloatBuffer().get(elements);
    return new Values(shape, elements);
  }
}
