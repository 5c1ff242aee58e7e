package dev.fovea.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of a JSON file of which every key has to be known: reading ends with {@link #end},
 * which refuses keys that nobody asked for.
 */
final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private final String file;
  private final String path;
  private final ObjectNode node;
  private final Set<String> known = new HashSet<>();

  private StrictJson(String file, String path, ObjectNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** Reads a file that is one object. */
  static StrictJson parse(String file, byte[] bytes) throws DamagedFileException {
    try {
      if (MAPPER.readTree(utf8(file, bytes)) instanceof ObjectNode object) {
        return new StrictJson(file, "", object);
      }
      throw new DamagedFileException(file, "not a JSON object");
    } catch (JsonProcessingException e) {
      throw new DamagedFileException(file, "not JSON: " + reason(e), e);
    }
  }

  /**
   * Reads a file that is one object with a version.
   *
   * @param supported the only version that is read
   */
  static StrictJson parse(String file, byte[] bytes, int supported) throws DamagedFileException {
    StrictJson json = parse(file, bytes);
    long version = json.integer("version");
    if (version != supported) {
      throw new DamagedFileException(
          file, "version is %d, this program reads version %d".formatted(version, supported));
    }
    return json;
  }

  /** A new object, to be filled and {@linkplain #format formatted}. */
  static ObjectNode create() {
    return MAPPER.createObjectNode();
  }

  /** A new object with a version, to be filled and {@linkplain #format formatted}. */
  static ObjectNode create(int version) {
    return MAPPER.createObjectNode().put("version", version);
  }

  static byte[] format(ObjectNode object) {
    try {
      String text = MAPPER.writer(PRINTER).writeValueAsString(object) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }

  /** Text of bytes that must be UTF-8; JSON in another encoding is not what we write. */
  static String utf8(String file, byte[] bytes) throws DamagedFileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DamagedFileException(file, "not UTF-8", e);
    }
  }

  /** What a JSON parser found, in one line. */
  static String reason(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return e.getOriginalMessage().lines().findFirst().orElse("") + where;
  }

  String text(String key) throws DamagedFileException {
    JsonNode value = require(key);
    if (!value.isTextual()) {
      throw wrong(key, value, "text");
    }
    return value.textValue();
  }

  long integer(String key) throws DamagedFileException {
    JsonNode value = require(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(key, value, "a whole number");
    }
    return value.longValue();
  }

  /** A whole number within the given bounds, both allowed. */
  long integer(String key, long least, long most) throws DamagedFileException {
    long value = integer(key);
    if (value < least || value > most) {
      throw wrong(key, node.get(key), "%d to %d".formatted(least, most));
    }
    return value;
  }

  double number(String key) throws DamagedFileException {
    JsonNode value = require(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, value, "a finite number");
    }
    return value.doubleValue();
  }

  StrictJson object(String key) throws DamagedFileException {
    if (require(key) instanceof ObjectNode object) {
      return new StrictJson(file, path + key + ".", object);
    }
    throw wrong(key, node.get(key), "an object");
  }

  /** An object that may be missing. */
  Optional<StrictJson> optionalObject(String key) throws DamagedFileException {
    return node.has(key) ? Optional.of(object(key)) : Optional.empty();
  }

  /** A list of whole numbers, each within the given bounds. */
  List<Integer> integers(String key, int least, int most) throws DamagedFileException {
    JsonNode value = require(key);
    List<Integer> result = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.canConvertToInt() || element.intValue() < least || element.intValue() > most) {
        throw wrong(key, value, "a list of %d to %d".formatted(least, most));
      }
      result.add(element.intValue());
    }
    if (!value.isArray()) {
      throw wrong(key, value, "a list of %d to %d".formatted(least, most));
    }
    return result;
  }

  /** The keys of this object, in their order; the caller knows what to do with all of them. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** An object of texts by free names. */
  Map<String, String> texts(String key) throws DamagedFileException {
    StrictJson object = object(key);
    Map<String, String> result = new LinkedHashMap<>();
    for (String name : object.keys()) {
      result.put(name, object.text(name));
    }
    return result;
  }

  /** Refuses keys that were not asked for. */
  void end() throws DamagedFileException {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new DamagedFileException(file, "unknown key '%s%s'".formatted(path, key));
      }
    }
  }

  private JsonNode require(String key) throws DamagedFileException {
    known.add(key);
    JsonNode value = node.get(key);
    if (value == null) {
      throw new DamagedFileException(file, "key '%s%s' is missing".formatted(path, key));
    }
    return value;
  }

  private DamagedFileException wrong(String key, JsonNode value, String allowed) {
    String found = value.toString();
    return new DamagedFileException(
        file,
        "%s%s is %s, not %s"
            .formatted(
                path, key, found.length() > 80 ? found.substring(0, 80) + ".." : found, allowed));
  }
}
