package dev.fovea.jobs.models.card;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is known of a checkpoint, as {@code info --json} prints it. What is not known is left out.
 *
 * @param version of this format, {@value #VERSION}
 * @param checkpoint where it lies and how large it is
 * @param network its shape and what follows from it
 * @param training how it came about
 * @param data what it was trained on
 * @param quality what was measured of its pictures, each line with its source
 * @param speed what was measured of its speed, each line with its source
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelCard(
    int version,
    Stored checkpoint,
    Network network,
    Training training,
    Data data,
    List<Quality> quality,
    List<Speed> speed) {
  public static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  public ModelCard {
    quality = List.copyOf(quality);
    speed = List.copyOf(speed);
  }

  /**
   * A checkpoint's files.
   *
   * @param path of its step directory
   * @param files their lengths in bytes, by name
   */
  public record Stored(String path, long step, SortedMap<String, Long> files) {
    /** The lengths of all files together. */
    public long bytes() {
      return files.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * The upscaler.
   *
   * @param parameters trainable, with weight norm
   * @param foldedParameters what is left of them at inference
   * @param receptiveRadius low-resolution pixels on each side that can change a result
   * @param multiplyAdds720p of the convolutions, to make one picture of 1280x720
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Network(
      String baseUpscaler,
      int upscaleRatio,
      int numChannels,
      int hiddenRatio,
      int numLayers,
      long parameters,
      long foldedParameters,
      int receptiveRadius,
      @JsonProperty("multiply_adds_720p") long multiplyAdds720p) {}

  /**
   * How the weights came about.
   *
   * @param settings of the run, by option
   * @param madeBy versions, engine and precision, by name
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Training(
      String runId,
      long seed,
      int epoch,
      long step,
      double minutes,
      Map<String, String> settings,
      Map<String, String> madeBy) {}

  /**
   * What the network was trained on.
   *
   * @param fingerprint what tells the pictures apart from others
   * @param terms under which they may be used; null where nobody recorded them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Data(String fingerprint, String terms) {}

  /**
   * Figures of pictures.
   *
   * @param source {@code report} or {@code training}
   * @param protocol y or rgb
   * @param psnr in dB
   */
  public record Quality(
      String source, String dataset, String protocol, double psnr, double ssim, double vif) {}

  /**
   * A figure of speed.
   *
   * @param source {@code training} or {@code measured}
   * @param what was timed and by what
   * @param value the figure
   * @param unit of the figure
   */
  public record Speed(String source, String what, double value, String unit) {}

  /** The card as JSON, with a line break at its end. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a model card cannot be written as JSON", e);
    }
  }
}
