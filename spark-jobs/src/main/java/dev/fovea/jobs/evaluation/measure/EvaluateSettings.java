package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.models.store.ShippedCheckpoint;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.upscaling.single.LoadedModel;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.picture.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What {@code evaluate} is asked for.
 *
 * @param imagesPaths folders or globs, one or more
 * @param datasetNames one for each dataset, in their order; none to call them after their folders
 * @param checkpointPaths checkpoints; none for bicubic alone
 * @param lowResolutionPaths folders of low resolutions, one for each dataset; none to make them
 * @param upscaleRatios 2, 4 or 8, for bicubic; with checkpoints theirs must be among them, if any
 *     is given
 * @param seed of the confidence intervals' draws
 * @param pictureSeconds of processor time; pictures that take longer to decode are rejected
 * @param existing what becomes of files in the report's folder that are no report
 */
public record EvaluateSettings(
    List<String> imagesPaths,
    List<String> datasetNames,
    List<String> lowResolutionPaths,
    List<String> checkpointPaths,
    List<Integer> upscaleRatios,
    Protocol protocol,
    String reportPath,
    EngineChoice engine,
    long seed,
    int pictureSeconds,
    ExistingFile existing) {

  /**
   * Checks what can be checked without reading.
   *
   * @throws UsageException naming the option, the value and what is allowed
   */
  public EvaluateSettings {
    imagesPaths = List.copyOf(imagesPaths);
    datasetNames = List.copyOf(datasetNames);
    lowResolutionPaths = List.copyOf(lowResolutionPaths);
    checkpointPaths = List.copyOf(checkpointPaths);
    upscaleRatios = List.copyOf(upscaleRatios);
    for (int ratio : upscaleRatios) {
      if (!UpscalerConfig.UPSCALE_RATIOS.contains(ratio)) {
        throw new UsageException(Setting.UPSCALE_RATIO, ratio, "one of 2, 4 and 8 is needed");
      }
    }
    if (pictureSeconds < 1) {
      throw new UsageException(Setting.PICTURE_SECONDS, pictureSeconds, "1 or more is allowed");
    }
    if (checkpointPaths.isEmpty() && upscaleRatios.isEmpty()) {
      throw new UsageException(
          "%s or %s is missing: the first for models, the second for bicubic alone"
              .formatted(Setting.CHECKPOINT_PATH, Setting.UPSCALE_RATIO));
    }
  }

  /**
   * Reads a protocol's name.
   *
   * @throws UsageException naming those there are
   */
  public static Protocol protocol(String id) {
    try {
      return Protocol.of(id);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.PROTOCOL, id, "y or rgb is needed");
    }
  }

  /**
   * Lists the pictures and reads the models.
   *
   * @param warnings takes one line for each damaged checkpoint that is passed over
   * @throws UsageException if a path cannot be used, or a model has another upscale ratio
   */
  public EvaluateJob.Plan plan(Configuration hadoop, Consumer<String> warnings) throws IOException {
    Writable.requireFile(hadoop, Setting.REPORT_PATH, new Path(reportPath, ReportFormat.FILE_NAME));
    requireFree(hadoop);
    List<Dataset> datasets = DatasetListing.list(hadoop, imagesPaths, datasetNames);
    List<EvaluatedModel> models = models(hadoop, warnings);
    TreeSet<Integer> all = new TreeSet<>(upscaleRatios);
    models.forEach(model -> all.add(model.upscaleRatio()));
    List<Integer> ratios = List.copyOf(all);
    List<Dataset> given = LowResolutionListing.given(hadoop, datasets, lowResolutionPaths, ratios);
    Limits limits = Limits.defaults().withDecoding(Duration.ofSeconds(pictureSeconds));
    return new EvaluateJob.Plan(
        given, models, ratios, protocol, engine, Bootstrap.of(seed), limits);
  }

  /** An earlier report is replaced; what only has the names of one is not. */
  private void requireFree(Configuration hadoop) throws IOException {
    FileSystem files = new Path(reportPath).getFileSystem(hadoop);
    if (existing == ExistingFile.REPLACE || holdsReport(files)) {
      return;
    }
    for (String name : List.of(ReportFormat.FILE_NAME, "index.html", PerImageCsv.FILE_NAME)) {
      if (files.exists(new Path(reportPath, name))) {
        throw new UsageException(
            Setting.REPORT_PATH,
            reportPath,
            "it holds a file %s that is no part of a report of Fovea; %s replaces it"
                .formatted(name, Setting.OVERWRITE));
      }
    }
  }

  private boolean holdsReport(FileSystem files) {
    try (InputStream in = files.open(new Path(reportPath, ReportFormat.FILE_NAME))) {
      ReportFormat.read(in.readAllBytes());
      return true;
    } catch (IOException e) {
      return false; // There is none, or it is something else.
    }
  }

  private List<EvaluatedModel> models(Configuration hadoop, Consumer<String> warnings)
      throws IOException {
    ModelSearch search = new ModelSearch(hadoop, warnings);
    List<String> ids = ids(hadoop);
    List<EvaluatedModel> models = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String path = checkpointPaths.get(i);
      LoadedModel model = search.read(path);
      if (!upscaleRatios.isEmpty() && !upscaleRatios.contains(model.upscaleRatio())) {
        throw new UsageException(
            Setting.UPSCALE_RATIO,
            upscaleRatios.stream().map(String::valueOf).collect(Collectors.joining(" ")),
            "the model in %s upscales %d times; leave the option out"
                .formatted(path, model.upscaleRatio()));
      }
      models.add(
          new EvaluatedModel(
              ids.get(i),
              withoutCredentials(path),
              model.weights(),
              model.provenance(),
              model.training()));
    }
    return models;
  }

  private List<String> ids(Configuration hadoop) throws IOException {
    List<String> qualified = new ArrayList<>();
    for (String path : checkpointPaths) {
      try {
        if (ShippedCheckpoint.named(hadoop, path).isPresent()) {
          qualified.add(path);
          continue;
        }
        Path given = new Path(path);
        qualified.add(given.getFileSystem(hadoop).makeQualified(given).toString());
      } catch (IllegalArgumentException e) {
        throw new UsageException(Setting.CHECKPOINT_PATH, path, "it is no path: " + e.getMessage());
      }
    }
    try {
      return ModelIds.of(qualified);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.CHECKPOINT_PATH + ": " + e.getMessage());
    }
  }

  private static String withoutCredentials(String path) {
    return path.replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*://)[^/@]*@", "$1");
  }
}
