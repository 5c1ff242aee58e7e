package dev.fovea.jobs.support.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Files of one record each, or of lists of them, as JSON for people and machines: an unknown,
 * missing, doubled or null key is refused, and so is anything behind the end. Safe for use by
 * several threads.
 */
public final class StrictRecords {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private StrictRecords() {}

  /** The content of the file of a record. */
  public static byte[] write(Record content) {
    try {
      return (MAPPER.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw unwritable(content, e);
    }
  }

  /** A record as a line of a list for people and machines, without its end. */
  public static String line(Record content) {
    try {
      return MAPPER
          .writer()
          .without(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw unwritable(content, e);
    }
  }

  private static IllegalStateException unwritable(Record content, JsonProcessingException e) {
    return new IllegalStateException(
        "a %s cannot be written as JSON".formatted(content.getClass().getSimpleName()), e);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws JsonProcessingException if it is anything else; {@link #fault} says what in one line
   */
  public static <T extends Record> T read(byte[] json, Class<T> type)
      throws JsonProcessingException {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  /** What is wrong, in one line. */
  public static String fault(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }
}
