package dev.fovea.model.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer feeds with mutated files. Whatever comes, tensors that can be written again or a
 * refusal in one line must come out. See the profile {@code fuzz} for how to run it.
 */
public final class SafetensorsFuzz {
  private SafetensorsFuzz() {}

  /**
   * Jazzer's entry. The first byte says whether the rest is a file, or a header to which the length
   * in front and zeros behind are added, without which few headers would be reached.
   */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    if (data.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    readAndWrite(data[0] % 2 == 0 ? rest : completed(rest, 4 * (data[0] & 0xFE)));
  }

  private static byte[] completed(byte[] header, int zeros) {
    return ByteBuffer.allocate(8 + header.length + zeros)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  private static void readAndWrite(byte[] file) throws IOException {
    List<SafetensorsWriter.Source> sources = new ArrayList<>();
    SafetensorsReader reader;
    try {
      reader = new SafetensorsReader("fuzzed", new ByteArrayInputStream(file), file.length);
      for (TensorInfo tensor : reader.tensors()) {
        float[] all = new float[Math.toIntExact(tensor.elements())];
        reader.next(
            (values, count, position) -> System.arraycopy(values, 0, all, (int) position, count));
        sources.add(SafetensorsWriter.Source.of(tensor.name(), tensor.shape(), all));
      }
    } catch (DamagedFileException e) {
      if (e.getMessage().lines().count() != 1 || e.getMessage().length() > 2000) {
        throw new AssertionError("refused without a reason in one line", e);
      }
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, sources, reader.metadata());
    byte[] written = out.toByteArray();
    SafetensorsReader again =
        new SafetensorsReader("written", new ByteArrayInputStream(written), written.length);
    List<String> names = reader.tensors().stream().map(TensorInfo::name).toList();
    if (!again.tensors().stream().map(TensorInfo::name).toList().equals(names)
        || !again.metadata().equals(reader.metadata())) {
      throw new AssertionError("what was read is not what was written: " + names);
    }
  }
}
