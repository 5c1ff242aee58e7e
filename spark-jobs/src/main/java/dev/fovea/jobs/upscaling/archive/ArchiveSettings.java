package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to upscale, how, and where to.
 *
 * @param imagesPaths folders, files, globs and folders of prepared shards
 * @param imagesList a file with one path a line
 * @param outputPath the folder that receives the results
 * @param outputName template of the results' names, see {@link OutputNames}
 * @param style what the results are
 * @param engine what runs the network
 * @param maxMegapixels larger pictures are rejected, 1 or more
 * @param pictureSeconds of processor time; pictures that take longer to decode are rejected
 * @param existing what becomes of results that were made with other settings
 * @param mode what is done
 */
public record ArchiveSettings(
    List<String> imagesPaths,
    Optional<String> imagesList,
    String outputPath,
    String outputName,
    Style style,
    EngineChoice engine,
    int maxMegapixels,
    int pictureSeconds,
    Existing existing,
    Mode mode) {
  public static final String DEFAULT_NAME = OutputNames.DEFAULT;

  /**
   * What the results are.
   *
   * @param format their file format
   * @param colours whether colour profiles are kept or colours converted to sRGB
   * @param animations what becomes of pictures of several frames
   * @param damage what becomes of damaged pictures
   * @param ensemble how often each tile is run
   */
  public record Style(
      OutputFormat format,
      ColourPolicy colours,
      Animations animations,
      Damage damage,
      Ensemble ensemble) {}

  /** What becomes of pictures of several frames. */
  public enum Animations {
    /** The first one is upscaled, with a note. */
    FIRST_FRAME,
    REJECT
  }

  /** What becomes of results that were made with other settings. */
  public enum Existing {
    /** They stay, and the job refuses to start. */
    KEEP,
    /** They are replaced, picture by picture. */
    OVERWRITE
  }

  /** What is done. */
  public enum Mode {
    UPSCALE,
    /** Nothing is upscaled: results that are there are compared with their sources. */
    AUDIT
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  public ArchiveSettings {
    imagesPaths = List.copyOf(imagesPaths);
    if (imagesPaths.isEmpty() && imagesList.isEmpty()) {
      throw new UsageException(
          "%s and %s are missing".formatted(Setting.IMAGES_PATH, Setting.IMAGES_LIST));
    }
    if (outputPath.isBlank()) {
      throw new UsageException(Setting.OUTPUT_PATH, outputPath, "a folder is needed");
    }
    if (maxMegapixels < 1) {
      throw new UsageException(Setting.MAX_MEGAPIXELS, maxMegapixels, "1 or more is allowed");
    }
    if (pictureSeconds < 1) {
      throw new UsageException(Setting.PICTURE_SECONDS, pictureSeconds, "1 or more is allowed");
    }
  }

  Limits limits() {
    return Limits.defaults()
        .withPixels(maxMegapixels * 1_000_000L)
        .withDecoding(Duration.ofSeconds(pictureSeconds));
  }

  /** What the results depend on beside the pictures and the processor. */
  Map<String, String> recorded(String modelSha256) {
    Map<String, String> recorded = new TreeMap<>();
    recorded.put("version", "1");
    recorded.put("model", modelSha256);
    recorded.put("format", style.format().recorded());
    recorded.put("colours", style.colours().name().toLowerCase(Locale.ROOT));
    recorded.put(
        "animations", style.animations() == Animations.REJECT ? "rejected" : "first frame");
    if (style.damage() == Damage.REPAIR) {
      recorded.put("damaged", "repaired"); // Runs of versions that could not do it say nothing.
    }
    recorded.put("self-ensemble", style.ensemble() == Ensemble.NONE ? "no" : "yes");
    recorded.put("engine", engine.engine());
    recorded.put("precision", engine.precision());
    return recorded;
  }
}
