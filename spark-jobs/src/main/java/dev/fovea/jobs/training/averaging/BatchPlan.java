package dev.fovea.jobs.training.averaging;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A mini-batch that is to be loaded where it is trained on.
 *
 * @param samples its size, 1 or more
 * @param content what the {@link BatchSource} needs to make it, of letters, digits and {@code . _ ,
 *     = + - ~}: DL4J hands it around as the path of a URI
 */
public record BatchPlan(int samples, String content) implements Serializable {
  private static final Pattern CONTENT = Pattern.compile("[A-Za-z0-9._,=+~-]*");

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public BatchPlan {
    if (samples < 1) {
      throw new IllegalArgumentException("mini-batch of %d samples is empty".formatted(samples));
    }
    if (!CONTENT.matcher(content).matches()) {
      throw new IllegalArgumentException(
          "mini-batch '%s' is not made of %s".formatted(content, CONTENT));
    }
  }
}
