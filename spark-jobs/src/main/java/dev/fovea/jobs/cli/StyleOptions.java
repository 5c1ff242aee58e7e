package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.archive.OutputFormat;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options of {@code upscale} that say what results are like, of one picture or of many. */
final class StyleOptions {
  private static final List<String> ENDINGS = List.of("png", "jpg", "jpeg", "webp");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      order = 103,
      description =
          "png, jpeg or webp (lossless, unless --quality is given). Default: what the name of a"
              + " single result ends in, else png.")
  private String format;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      order = 104,
      description = "Of jpeg (95 unless given) and of lossy webp, 1 to 100.")
  private Integer quality;

  @Option(
      names = "--png-level",
      defaultValue = "" + OutputFormat.DEFAULT_PNG_LEVEL,
      paramLabel = "0-9",
      order = 105,
      description = "How hard PNG is packed; up to 3 is fast.")
  private int pngLevel;

  @Option(
      names = "--colours",
      defaultValue = "keep",
      paramLabel = "WHAT",
      order = 106,
      description = "keep: colour profiles are kept; srgb: colours are converted to sRGB.")
  private String colours;

  @Option(
      names = "--animations",
      defaultValue = "first",
      paramLabel = "WHAT",
      order = 107,
      description = "first: the first frame is upscaled, and noted; reject.")
  private String animations;

  @Option(
      names = "--damaged",
      defaultValue = "reject",
      paramLabel = "WHAT",
      order = 107,
      description =
          "reject; or repair: as much of damaged pictures is upscaled as viewers show, with a"
              + " note.")
  private String damaged;

  @Option(
      names = "--self-ensemble",
      order = 108,
      description =
          "Average the results of eight flips and rotations: eight times the work, a little"
              + " better.")
  private boolean selfEnsemble;

  @Option(
      names = "--max-megapixels",
      defaultValue = "100",
      paramLabel = "N",
      order = 109,
      description = "Reject pictures larger than this before they are decoded.")
  private int maxMegapixels;

  @Option(
      names = "--picture-seconds",
      defaultValue = "120",
      paramLabel = "N",
      order = 110,
      description = "Reject pictures whose decoding takes more processor time than this.")
  private int pictureSeconds;

  @Option(
      names = "--overwrite",
      order = 111,
      description =
          "Replace results that were made with another model or other settings, and files that"
              + " Fovea did not write. An input is never replaced.")
  private boolean overwrite;

  /** What becomes of files that Fovea did not write, or wrote with other settings. */
  ExistingFile existing() {
    return overwrite ? ExistingFile.REPLACE : ExistingFile.KEEP;
  }

  /** What a picture may cost. */
  Limits limits() {
    return Limits.defaults()
        .withPixels(maxMegapixels() * 1_000_000L)
        .withDecoding(Duration.ofSeconds(pictureSeconds()));
  }

  int pictureSeconds() {
    if (pictureSeconds < 1) {
      throw new UsageException("--picture-seconds", pictureSeconds, "1 or more is allowed");
    }
    return pictureSeconds;
  }

  int maxMegapixels() {
    if (maxMegapixels < 1) {
      throw new UsageException("--max-megapixels", maxMegapixels, "1 or more is allowed");
    }
    return maxMegapixels;
  }

  /**
   * What one result is like: of the format that its name ends in, unless {@code --format} says it.
   *
   * @param output the file or folder of the result, as it was named
   * @throws UsageException if the name ends in another format than the one asked for, or in none
   */
  Style styleOf(Optional<String> output, boolean folder) {
    if (output.isEmpty() || folder) {
      return style();
    }
    String name = output.get().substring(output.get().lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    boolean known = ENDINGS.contains(ending);
    String ofName = ending.equals("jpg") ? "jpeg" : ending;
    if (format == null && !known) {
      throw new UsageException(
          "--output-path",
          output.get(),
          "a name that ends in .png, .jpg, .jpeg or .webp is needed, or --format");
    }
    Style style = style(format == null ? ofName : format);
    if (format != null && known && !ofName.equals(format.equals("jpg") ? "jpeg" : format)) {
      throw new UsageException(
          "--format", format, "%s ends in .%s".formatted(output.get(), ending));
    }
    return style;
  }

  /** What all results are like. */
  Style style() {
    return style(format == null ? "png" : format);
  }

  private Style style(String format) {
    OptionalInt asked = quality == null ? OptionalInt.empty() : OptionalInt.of(quality);
    ColourPolicy policy =
        switch (colours) {
          case "keep" -> ColourPolicy.KEEP;
          case "srgb" -> ColourPolicy.SRGB;
          default -> throw new UsageException("--colours", colours, "keep or srgb is allowed");
        };
    Animations frames =
        switch (animations) {
          case "first" -> Animations.FIRST_FRAME;
          case "reject" -> Animations.REJECT;
          default ->
              throw new UsageException("--animations", animations, "first or reject is allowed");
        };
    Damage damage =
        switch (damaged) {
          case "reject" -> Damage.REJECT;
          case "repair" -> Damage.REPAIR;
          default -> throw new UsageException("--damaged", damaged, "reject or repair is allowed");
        };
    return new Style(
        OutputFormat.of(format, asked, pngLevel),
        policy,
        frames,
        damage,
        selfEnsemble ? Ensemble.FLIPS_AND_ROTATIONS : Ensemble.NONE);
  }
}
