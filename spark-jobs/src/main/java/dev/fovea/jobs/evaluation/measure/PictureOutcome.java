package dev.fovea.jobs.evaluation.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * What a task found out about one file. Travels as JSON, which every serializer of Spark can send.
 *
 * @param index number of the file
 * @param sha256 of the file in hexadecimal; empty if it could not be read
 * @param figures per upscale ratio the scores of each model that has it, by id
 * @param rejections why there are no figures, for each ratio that has none or for all
 * @param hashes the perceptual hashes of all orientations; none where it is too flat or no picture
 * @param thumbnail a small JPEG, or nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Only travels; nobody compares outcomes.
record PictureOutcome(
    int index,
    String sha256,
    Map<Integer, Map<String, Scores>> figures,
    List<String> rejections,
    List<String> hashes,
    byte[] thumbnail) {
  private static final JsonMapper MAPPER = new JsonMapper();

  String toJson() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an outcome cannot be written as JSON", e);
    }
  }

  static PictureOutcome fromJson(String json) {
    try {
      return MAPPER.readValue(json, PictureOutcome.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a task returned what is no outcome: " + json, e);
    }
  }
}
