package dev.fovea.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file, by the rules of the format: a JSON object without duplicate
 * keys, and tensors that cover the rest of the file without gap or overlap.
 *
 * @param tensors in the order of their bytes
 * @param metadata free text by name
 */
record SafetensorsHeader(List<TensorInfo> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** More dimensions than any tensor library knows; a shape of millions is an attack. */
  private static final int MOST_DIMENSIONS = 64;

  /** Names come from strangers: they are not kept in tables that outlive the file. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  SafetensorsHeader {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads a header.
   *
   * @param file the file's name, for messages
   * @param dataLength bytes that follow the header
   */
  static SafetensorsHeader parse(String file, byte[] bytes, long dataLength)
      throws DamagedFileException {
    if (bytes.length == 0 || bytes[0] != '{') {
      throw new DamagedFileException(file, "header does not start with '{'");
    }
    List<TensorInfo> tensors = new ArrayList<>();
    Map<String, String> metadata = new TreeMap<>();
    try (JsonParser json = JSON.createParser(utf8(bytes))) {
      expect(file, "header", JsonToken.START_OBJECT, json.nextToken());
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (name.equals(METADATA)) {
          readMetadata(file, json, metadata);
        } else {
          tensors.add(readTensor(file, name, json));
        }
      }
      if (json.nextToken() != null) {
        throw new DamagedFileException(file, "header goes on behind its last '}'");
      }
    } catch (JsonProcessingException e) {
      throw new DamagedFileException(file, "header is not JSON: " + StrictJson.reason(e), e);
    } catch (CharacterCodingException e) {
      throw new DamagedFileException(file, "header is not UTF-8", e);
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException e) {
      throw new DamagedFileException(file, "header is not JSON: " + e.getMessage(), e);
    }
    tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparing(TensorInfo::end));
    requireContiguous(file, tensors, dataLength);
    return new SafetensorsHeader(tensors, metadata);
  }

  /** The header's bytes, padded with spaces to a multiple of 8. */
  byte[] format() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (TensorInfo tensor : tensors) {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.type().name());
        json.writeFieldName("shape");
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {tensor.begin(), tensor.end()}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (bytes.size() % 8 != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  /** Decoded piece by piece, because a header may have 100 MB. */
  private static Reader utf8(byte[] bytes) {
    return new InputStreamReader(
        new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
  }

  private static void readMetadata(String file, JsonParser json, Map<String, String> metadata)
      throws IOException {
    expect(file, METADATA, JsonToken.START_OBJECT, json.nextToken());
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      expect(file, METADATA + "." + key, JsonToken.VALUE_STRING, json.nextToken());
      metadata.put(key, json.getText());
    }
  }

  private static TensorInfo readTensor(String file, String name, JsonParser json)
      throws IOException {
    String what = "tensor '%s'".formatted(name);
    expect(file, what, JsonToken.START_OBJECT, json.nextToken());
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      switch (key) {
        case "dtype" -> {
          expect(file, what + " dtype", JsonToken.VALUE_STRING, json.nextToken());
          type = json.getText();
        }
        case "shape" -> shape = readNumbers(file, what + " shape", json);
        case "data_offsets" -> offsets = readNumbers(file, what + " data_offsets", json);
        default -> throw new DamagedFileException(file, what + " has unknown key '" + key + "'");
      }
    }
    if (type == null || shape == null || offsets == null) {
      throw new DamagedFileException(file, what + " lacks dtype, shape or data_offsets");
    }
    return checked(file, what, name, type, shape, offsets);
  }

  private static TensorInfo checked(
      String file, String what, String name, String type, List<Long> shape, List<Long> offsets)
      throws DamagedFileException {
    ElementType elementType =
        Arrays.stream(ElementType.values())
            .filter(candidate -> candidate.name().equals(type))
            .findFirst()
            .orElse(null);
    if (elementType == null) {
      throw new DamagedFileException(
          file,
          "%s has dtype '%s', not one of %s"
              .formatted(what, type, Arrays.toString(ElementType.values())));
    }
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw new DamagedFileException(
          file, "%s has data_offsets %s, not [begin, end]".formatted(what, offsets));
    }
    long bytes = elementType.size();
    try {
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
    } catch (ArithmeticException e) {
      throw new DamagedFileException(file, "%s has shape %s, too large".formatted(what, shape), e);
    }
    if (bytes != offsets.get(1) - offsets.get(0)) {
      throw new DamagedFileException(
          file,
          "%s has %d bytes by its shape %s, but data_offsets %s"
              .formatted(what, bytes, shape, offsets));
    }
    return new TensorInfo(name, elementType, shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> readNumbers(String file, String what, JsonParser json)
      throws IOException {
    expect(file, what, JsonToken.START_ARRAY, json.nextToken());
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(file, what, JsonToken.VALUE_NUMBER_INT, json.currentToken());
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
        throw new DamagedFileException(
            file, "%s holds %s, not 0 to 2^63 - 1".formatted(what, json.getText()));
      }
      if (numbers.size() == MOST_DIMENSIONS) {
        throw new DamagedFileException(
            file, "%s holds more than %d numbers".formatted(what, MOST_DIMENSIONS));
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private static void requireContiguous(String file, List<TensorInfo> tensors, long dataLength)
      throws DamagedFileException {
    long next = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.begin() != next) {
        throw new DamagedFileException(
            file,
            "tensor '%s' begins at byte %d, but %s %d"
                .formatted(
                    tensor.name(),
                    tensor.begin(),
                    next == 0 ? "the first begins at" : "the one before it ends at",
                    next));
      }
      next = tensor.end();
    }
    if (next != dataLength) {
      throw new DamagedFileException(
          file, "tensors take %d bytes, the file has %d for them".formatted(next, dataLength));
    }
  }

  private static void expect(String file, String what, JsonToken expected, JsonToken found)
      throws DamagedFileException {
    if (found != expected) {
      throw new DamagedFileException(
          file, "%s: found %s instead of %s".formatted(what, found, expected));
    }
  }
}
