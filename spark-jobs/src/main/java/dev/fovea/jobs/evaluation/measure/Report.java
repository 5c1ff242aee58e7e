package dev.fovea.jobs.evaluation.measure;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code evaluate} found, as {@code report.json} holds it.
 *
 * @param version of this format, {@value #VERSION}
 * @param models the models in the order in which they were named
 * @param results one per dataset, upscale ratio and model, bicubic last
 * @param comparisons one per pair of models, dataset, upscale ratio and metric
 * @param rejected the pictures that have no figures, and why
 * @param leaks the pictures that models were trained on
 * @param provenance where the figures come from
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Report(
    int version,
    List<Model> models,
    List<Result> results,
    List<Comparison> comparisons,
    List<Rejected> rejected,
    List<Leak> leaks,
    Provenance provenance) {
  public static final int VERSION = 1;

  /** The id under which the interpolation stands beside the models. */
  public static final String BICUBIC = "bicubic";

  /**
   * @throws IllegalArgumentException if the version is another
   */
  public Report {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "report version %d is not %d, the only one known".formatted(version, VERSION));
    }
    models = List.copyOf(models);
    results = List.copyOf(results);
    comparisons = List.copyOf(comparisons);
    rejected = List.copyOf(rejected);
    leaks = List.copyOf(leaks);
  }

  /** A report without leaks. */
  public Report(
      int version,
      List<Model> models,
      List<Result> results,
      List<Comparison> comparisons,
      List<Rejected> rejected,
      Provenance provenance) {
    this(version, models, results, comparisons, rejected, List.of(), provenance);
  }

  /**
   * A checkpoint under the id that results name.
   *
   * @param checkpoint the path that was named, without credentials
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Model(String id, String checkpoint, int upscaleRatio) {}

  /** The figures of one model on one dataset: the means and each picture's. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Result(
      String dataset,
      String protocol,
      int upscaleRatio,
      String model,
      double psnr,
      double ssim,
      double vif,
      List<Image> images) {
    public Result {
      images = List.copyOf(images);
    }
  }

  /**
   * The figures of one picture.
   *
   * @param name the path below the dataset's folder
   * @param sha256 of the file, in hexadecimal
   */
  public record Image(String name, String sha256, double psnr, double ssim, double vif) {}

  /**
   * How much better {@code a} is than {@code b}.
   *
   * @param metric psnr, ssim or vif
   * @param mean of the differences a - b over the pictures
   * @param ci95 where that mean lies with a confidence of 95 %, by bootstrap over the pictures
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Comparison(
      String a,
      String b,
      String dataset,
      String protocol,
      int upscaleRatio,
      String metric,
      double mean,
      Interval ci95) {}

  /** A picture without figures. */
  public record Rejected(String dataset, String name, String reason) {}

  /**
   * A picture that is, or is a copy of, one that a model was trained on.
   *
   * @param match identical for the same bytes, similar for the same picture in other bytes, turned
   *     for the same picture turned or mirrored
   * @param trainingPicture the file name of the picture in the training data
   * @param distance how many of 256 bits of the perceptual hashes differ
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Leak(
      String model,
      String dataset,
      String name,
      String match,
      String trainingPicture,
      int distance) {}

  /**
   * Where the figures come from.
   *
   * @param versions of Fovea and of what it runs on, by name
   * @param settings every setting that can change a figure, by name
   * @param models the step and the training run of each model, by id
   * @param data a fingerprint of each dataset by its name: SHA-256 over the sorted SHA-256s of its
   *     pictures
   * @param engine the name, device and precision of what ran the models; empty for bicubic alone
   * @param os name, version and architecture of the host
   * @param started the time at the start, ISO 8601 in UTC
   * @param seconds how long it took
   */
  public record Provenance(
      SortedMap<String, String> versions,
      SortedMap<String, String> settings,
      SortedMap<String, SortedMap<String, String>> models,
      SortedMap<String, String> data,
      SortedMap<String, String> engine,
      String os,
      String started,
      double seconds) {
    /** Provenance without fingerprints of the data. */
    public Provenance(
        SortedMap<String, String> versions,
        SortedMap<String, String> settings,
        SortedMap<String, SortedMap<String, String>> models,
        SortedMap<String, String> engine,
        String os,
        String started,
        double seconds) {
      this(versions, settings, models, new TreeMap<>(), engine, os, started, seconds);
    }
  }
}
