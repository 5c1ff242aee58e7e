package dev.fovea.model.checkpoint;

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
import net.jqwik.api.constraints.FloatRange;
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
        "\"a\":null | instead of START_OBJECT",
        "\"a\":[] | instead of START_OBJECT",
        "\"a\":{} | lacks dtype, shape or data_offsets",
        "\"a\":{\"dtype\":7} | tensor 'a' dtype: found VALUE_NUMBER_INT instead of VALUE_STRING",
        "\"a\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]} | dtype 'f32', not one of",
        "\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]} | tensor 'a' shape: found",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]} | tensor 'a' shape: found",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]} | VALUE_STRING",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,8]} | VALUE_NULL",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[]} | not [begin, end]",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]} | holds -8",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}"
            + " | has 8 bytes by its shape",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2305843009213693951],"
            + "\"data_offsets\":[0,9223372036854775804]} | tensors take 9223372036854775804 bytes",
        "\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}"
            + " | Duplicate field 'dtype'",
        "\"__metadata__\":{},\"__metadata__\":{} | Duplicate field",
        "\"__metadata__\":{\"k\":\"v\",\"k\":\"v\"} | Duplicate field 'k'",
        "\"__metadata__\":[] | __metadata__: found START_ARRAY",
        "\"__metadata__\":{\"k\":{}} | __metadata__.k: found START_OBJECT",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}, | not JSON",
        "'a':{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]} | not JSON",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[02],\"data_offsets\":[0,8]} | not JSON",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[+2],\"data_offsets\":[0,8]} | not JSON",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,8]} | not JSON",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2e0],\"data_offsets\":[0,8]} | VALUE_NUMBER_FLOAT",
        "\"a\":{\"dtype\":\"F32\" /**/,\"shape\":[2],\"data_offsets\":[0,8]} | not JSON",
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
  void emptyTensorsAndEmptyFilesAreRead() throws IOException {
    String empty = tensor("e", "F32", "[3,0]", 4, 4);
    String header =
        empty + "," + tensor("a", "F32", "[1]", 0, 4) + "," + tensor("", "F16", "[0]", 4, 4);
    Map<String, float[]> found = readAll(file(header, floats(1)));
    assertThat(found.get("e")).isEmpty();
    assertThat(found.get("")).isEmpty();
    assertThat(found.get("a")).containsExactly(1);
    assertThat(readAll(file("", new byte[0]))).isEmpty();
    assertThat(readAll(raw("{}      ".getBytes(StandardCharsets.UTF_8)))).isEmpty();
  }

  @Test
  void aShapeOfMoreDimensionsThanAnybodyHasIsRefused() throws IOException {
    String ones = "1" + ",1".repeat(63);
    assertThat(readAll(file(tensor("a", "F32", "[" + ones + "]", 0, 4), floats(7)))).hasSize(1);
    assertThatThrownBy(() -> readAll(file(tensor("a", "F32", "[" + ones + ",1]", 0, 4), floats(7))))
        .hasMessageContaining("tensor 'a' shape holds more than 64 numbers");
  }

  @Test
  void aHeaderOfAHundredMegabytesIsRead() throws IOException {
    byte[] header = new byte[100_000_000];
    Arrays.fill(header, (byte) ' ');
    byte[] json = "{\"__metadata__\":{\"k\":\"v\"}}".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(json, 0, header, 0, json.length);
    byte[] file = raw(header);
    SafetensorsReader reader =
        new SafetensorsReader("large", new ByteArrayInputStream(file), file.length);
    assertThat(reader.metadata()).containsExactly(Map.entry("k", "v"));
  }

  @Test
  void whatAMessageQuotesStaysInOneLine() {
    String name = "a\\n\\u2028" + "x".repeat(5000);
    assertThatThrownBy(() -> readAll(file("\"" + name + "\":7", new byte[0])))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1100).contains("tensor 'a??x"));
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

  @Test
  void noTensorTakesTheNameOfTheMetadata() {
    SafetensorsWriter.Source tensor =
        SafetensorsWriter.Source.of("__metadata__", List.of(), new float[1]);
    assertThatThrownBy(() -> written(Map.of(), tensor)).hasMessageContaining("can be named");
  }

  @Test
  void everyHalfSurvivesReadingAndWriting() throws IOException {
    for (ElementType type : List.of(ElementType.F16, ElementType.BF16)) {
      byte[] all = new byte[1 << 17];
      ByteBuffer buffer = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
      for (int bits = 0; bits < 1 << 16; bits++) {
        buffer.putShort((short) bits);
      }
      float[] values = readAll(file(tensor("a", type.name(), "[65536]", 0, 1 << 17), all)).get("a");
      byte[] back = new byte[all.length];
      type.write(values, values.length, ByteBuffer.wrap(back).order(ByteOrder.LITTLE_ENDIAN));
      ByteBuffer found = ByteBuffer.wrap(back).order(ByteOrder.LITTLE_ENDIAN);
      for (int bits = 0; bits < 1 << 16; bits++) {
        if (!Float.isNaN(values[bits])) {
          assertThat(found.getShort(2 * bits)).isEqualTo((short) bits);
        }
      }
    }
  }

  @Property
  void halvesAreRoundedToTheNearest(@ForAll @FloatRange(min = -65519, max = 65519) float value) {
    float rounded = rounded(ElementType.F16, value);
    // Halves lie 2^-10 of their power of two apart, 2^-24 below 2^-14.
    double apart = Math.max(Math.scalb(1.0, Math.getExponent(rounded) - 10), 0x1p-24);
    assertThat(Math.abs((double) value - rounded)).isLessThanOrEqualTo(apart / 2);
  }

  @Test
  void halvesAreRoundedToEvenAndOverflowToInfinity() {
    assertThat(rounded(ElementType.F16, 2049)).isEqualTo(2048);
    assertThat(rounded(ElementType.F16, 2051)).isEqualTo(2052);
    assertThat(rounded(ElementType.F16, 0x1p-25f)).isZero();
    assertThat(rounded(ElementType.F16, 0x1.8p-24f)).isEqualTo(0x1p-23f);
    assertThat(rounded(ElementType.F16, 65519)).isEqualTo(65504);
    assertThat(rounded(ElementType.F16, -65520)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(ElementType.F16, Float.NaN)).isNaN();
    assertThat(rounded(ElementType.BF16, 257)).isEqualTo(256);
    assertThat(rounded(ElementType.BF16, 259)).isEqualTo(260);
    assertThat(rounded(ElementType.BF16, Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(ElementType.BF16, Float.NaN)).isNaN();
  }

  private static float rounded(ElementType type, float value) {
    ByteBuffer buffer = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    type.write(new float[] {value}, 1, buffer);
    float[] read = new float[1];
    type.read(buffer, 1, read);
    return read[0];
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
