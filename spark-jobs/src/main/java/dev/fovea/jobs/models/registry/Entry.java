package dev.fovea.jobs.models.registry;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One decision, as {@code NNNNNN.json} holds it: from this number on, this model serves.
 *
 * @param version of this format, {@value #VERSION}
 * @param number of the decision, 1 or more; the file's name says the same
 * @param model path of the checkpoint below the registry's folder
 * @param manifestSha256 of the checkpoint's {@code MANIFEST.json}, which pins every byte of it
 * @param runId of the training run
 * @param step optimiser steps of that run
 * @param upscaleRatio of the model
 * @param reason why it serves, in words
 * @param evidence the comparisons that let it in; none for a rollback
 * @param decided the time, ISO 8601 in UTC
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Entry(
    int version,
    int number,
    String model,
    String manifestSha256,
    String runId,
    long step,
    int upscaleRatio,
    String reason,
    List<Evidence> evidence,
    String decided) {
  public static final int VERSION = 1;

  /** The highest number whose name has the six digits of all others. */
  static final int LAST = 999_999;

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Of one run and step: never a way out of the registry's folder. */
  private static final Pattern MODEL = Pattern.compile("models/[A-Za-z0-9_-]+/step-\\d{8,18}");

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Entry {
    require(version == VERSION, "version %s is not %s, the only one known", version, VERSION);
    require(number >= 1 && number <= LAST, "number %s is not 1 to %s", number, LAST);
    require(MODEL.matcher(model).matches(), "model '%s' is not models/RUN/step-N%s", model, "");
    require(
        SHA256.matcher(manifestSha256).matches(),
        "manifest_sha256 '%s' is not 64 hexadecimal digits%s",
        manifestSha256,
        "");
    require(step >= 0, "step %s is not 0 or more%s", step, "");
    evidence = List.copyOf(evidence);
  }

  /**
   * The candidate against another model on one dataset.
   *
   * @param against id in the report of what it was compared with
   * @param mean of the differences over the pictures
   * @param lower end of the 95 % confidence interval of that mean
   * @param upper end of it
   */
  public record Evidence(
      String against,
      String dataset,
      String protocol,
      String metric,
      double mean,
      double lower,
      double upper) {}

  /** Whether both decisions let the same checkpoint serve. */
  public boolean sameModel(Entry other) {
    return manifestSha256.equals(other.manifestSha256);
  }

  private static void require(boolean fulfilled, String message, Object found, Object allowed) {
    if (!fulfilled) {
      throw new IllegalArgumentException(message.formatted(found, allowed));
    }
  }
}
