package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.picture.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What to prepare, and how.
 *
 * @param imagesPaths folders, files and globs, one or more
 * @param outputPath the folder that receives the shards
 * @param subImageSize pixels on each side of the sub-images that larger pictures are cut into
 * @param maxMegapixels larger pictures are rejected, 1 or more
 * @param pictureSeconds of processor time; pictures that take longer to decode are rejected
 * @param existing what becomes of shards that are already there
 */
public record PrepareSettings(
    List<String> imagesPaths,
    String outputPath,
    OptionalInt subImageSize,
    int maxMegapixels,
    int pictureSeconds,
    ExistingOutput existing) {

  public static final int SMALLEST_SUB_IMAGE = 16;

  /** What becomes of shards made with other settings or of other pictures. */
  public enum ExistingOutput {
    /** They stay, and the job refuses to start. */
    KEEP,
    /** They are deleted. */
    OVERWRITE
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  public PrepareSettings {
    imagesPaths = List.copyOf(imagesPaths);
    if (imagesPaths.isEmpty()) {
      throw new UsageException(Setting.IMAGES_PATH + " names no folder, file or glob");
    }
    if (outputPath.isBlank()) {
      throw new UsageException(Setting.OUTPUT_PATH, outputPath, "a folder is needed");
    }
    if (subImageSize.isPresent() && subImageSize.getAsInt() < SMALLEST_SUB_IMAGE) {
      throw new UsageException(
          Setting.SUB_IMAGE_SIZE,
          subImageSize.getAsInt(),
          "%d pixels or more are allowed".formatted(SMALLEST_SUB_IMAGE));
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

  /** What the shards depend on beside the pictures and the speed of the machine. */
  Map<String, String> recorded() {
    Map<String, String> recorded = new TreeMap<>();
    recorded.put(
        "sub-image-size",
        subImageSize.isPresent() ? Integer.toString(subImageSize.getAsInt()) : "none");
    recorded.put("max-megapixels", Integer.toString(maxMegapixels));
    return recorded;
  }
}
