package dev.fovea.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    byte[] bytes =
        written(
            Map.of("k", "v"),
            SafetensorsWriter.Source.of("a", List.of(1L, 2L), new float[] {1, -2}),
            SafetensorsWriter.Source.of("b", List.of(), new float[] {3}));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(buffer.getLong(0)).isEqualTo(padded);
    assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
        .isEqualTo(header + " ".repeat(padded - header.length()));
    assertThat(buffer.getFloat(8 + padded)).isEqualTo(1);
    assertThat(buffer.getFloat(12 + padded)).isEqualTo(-2);
    assertThat(buffer.getFloat(16 + padded)).isEqualTo(3);
    assertThat(bytes).hasSize(20 + padded);
  }

  @Property(tries = 50)
  void whatIsWrittenIsRead(@ForAll @Size(max = 3) List<float[]> arrays) throws IOException {
    Map<String, float[]> expected = new LinkedHashMap<>();
    SafetensorsWriter.Source[] sources = new SafetensorsWriter.Source[arrays.size()];
    for (int i = 0; i < sources.length; i++) {
      String name = "tensor \"" + i + "\"";
      expected.put(name, arrays.get(i));
      sources[i] =
          SafetensorsWriter.Source.of(name, List.of((long) arrays.get(i).length), arrays.get(i));
    }
    Map<String, float[]> found = readAll(written(Map.of(), sources));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(found.get(name)).isEqualTo(values));
  }

  @Test
  void tensorsOfManyPiecesAreReadWhole() throws IOException {
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    byte[] bytes =
        written(Map.of(), SafetensorsWriter.Source.of("a", List.of(100L, 1000L), values));
    assertThat(readAll(bytes).get("a")).isEqualTo(values);
  }

  @Test
  void halfPrecisionIsRead() throws IOException {
    // 1, -2, the largest half, the smallest above 0, infinity, NaN
    int[] half = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00};
    assertThat(readAll(file(tensor("h", "F16", "[6]", 0, 12), shorts(half))).get("h"))
        .containsExactly(1, -2, 65504, 5.9604645e-8f, Float.POSITIVE_INFINITY, Float.NaN);
    int[] brain = {0x3f80, 0xc000, 0x7f80};
    assertThat(readAll(file(tensor("b", "BF16", "[3]", 0, 6), shorts(brain))).get("b"))
        .containsExactly(1, -2, Float.POSITIVE_INFINITY);
  }

  @Test
  void tensorsMayLieInAnyOrderInTheHeader() throws IOException {
    String header = tensor("b", "F32", "[1]", 4, 8) + "," + tensor("a", "F32", "[1]", 0, 4);
    Map<String, float[]> found = readAll(file(header, floats(1, 2)));
    assertThat(found.get("a")).containsExactly(1);
    assertThat(found.get("b")).containsExactly(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]} | Duplicate field",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]} | tensors take 4 bytes",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]} | tensors take 12 bytes",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]} | begins at byte 4",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]} | begins at byte 4",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]} | 12 bytes by its shape",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,8]}"
            + " | too large",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}"
            + " | too large",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]} | holds -2",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}"
            + " | holds 99999999999999999999",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]} | VALUE_NUMBER_FLOAT",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]} | not [begin, end]",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]} | not [begin, end]",
        "\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]} | dtype 'I64', not one of",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1} | key 'x'",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2]} | lacks dtype, shape or data_offsets",
        "\"a\":7 | instead of START_OBJECT",
        "\"__metadata__\":{\"k\":1} | __metadata__.k",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}{ | behind its last",
      })
  void aHeaderThatBreaksARuleIsRefused(String content, String reason) {
    assertThatExceptionOfType(DamagedFileException.class)
        .isThrownBy(() -> readAll(file(content, floats(1, 2))))
        .withMessageStartingWith("weights.safetensors: ")
        .withMessageContaining(reason);
  }

  @Test
  void aHugeHeaderIsRefusedBeforeItIsAllocated() {
    for (long length : new long[] {100_000_001, Long.MAX_VALUE, -1, 1L << 40}) {
      byte[] bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      assertThatThrownBy(() -> readAll(bytes))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining(
              "header of " + Long.toUnsignedString(length) + " bytes, allowed are 2 to 56");
      // A length that lies does not help.
      InputStream in = new ByteArrayInputStream(bytes);
      assertThatThrownBy(() -> new SafetensorsReader("x", in, Long.MAX_VALUE))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("allowed are 2 to 100000000");
    }
  }

  @Test
  void aHeaderThatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> readAll(raw(" {}".getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("does not start with '{'");
    assertThatThrownBy(() -> readAll(raw("{\"a".getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("not JSON");
    assertThatThrownBy(() -> readAll(raw(new byte[] {'{', (byte) 0xff, '}'})))
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> readAll(raw("{}".getBytes(StandardCharsets.UTF_16LE))))
        .isInstanceOf(DamagedFileException.class);
  }

  @Test
  void aFileThatEndsEarlyIsRefused() throws IOException {
    byte[] whole =
        written(Map.of(), SafetensorsWriter.Source.of("a", List.of(3L), new float[] {1, 2, 3}));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(part)).isInstanceOf(DamagedFileException.class);
      // As if the file had been cut while it was read.
      assertThatThrownBy(() -> readAll(part, whole.length))
          .isInstanceOf(DamagedFileException.class);
    }
  }

  @Test
  void twoTensorsOfOneNameAreNotWritten() {
    SafetensorsWriter.Source one = SafetensorsWriter.Source.of("a", List.of(), new float[1]);
    assertThatThrownBy(() -> written(Map.of(), one, one)).hasMessageContaining("named a");
  }

  private static byte[] written(Map<String, String> metadata, SafetensorsWriter.Source... sources)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, List.of(sources), metadata);
    return out.toByteArray();
  }

  private static Map<String, float[]> readAll(byte[] bytes) throws IOException {
    return readAll(bytes, bytes.length);
  }

  private static Map<String, float[]> readAll(byte[] bytes, long length) throws IOException {
    SafetensorsReader reader =
        new SafetensorsReader("weights.safetensors", new ByteArrayInputStream(bytes), length);
    Map<String, float[]> result = new LinkedHashMap<>();
    for (TensorInfo tensor : reader.tensors()) {
      float[] all = new float[(int) tensor.elements()];
      reader.next(
          (values, count, position) -> System.arraycopy(values, 0, all, (int) position, count));
      result.put(tensor.name(), all);
    }
    return result;
  }

  private static String tensor(String name, String type, String shape, int begin, int end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, type, shape, begin, end);
  }

  private static byte[] file(String content, byte[] data) {
    byte[] header = ("{" + content + "}").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  private static byte[] raw(byte[] header) {
    return ByteBuffer.allocate(8 + header.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  private static byte[] shorts(int... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return buffer.array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }
}
