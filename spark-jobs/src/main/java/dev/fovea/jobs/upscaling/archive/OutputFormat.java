package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PngFiltering;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * The format of outputs.
 *
 * @param kind which one
 * @param quality of a lossy format, 1 to 100; 0 otherwise
 * @param pngLevel of PNG's compression, 0 to 9; up to 3 rows are filtered in the fastest way
 */
public record OutputFormat(Kind kind, int quality, int pngLevel) implements Serializable {
  public static final int DEFAULT_PNG_LEVEL = 1;
  private static final int DEFAULT_JPEG_QUALITY = 95;
  private static final int FASTEST_FILTER = 3;

  /** Formats that can be written. */
  public enum Kind {
    PNG,
    JPEG,
    WEBP,
    WEBP_LOSSY
  }

  /** PNG by default. */
  public static final OutputFormat DEFAULT = new OutputFormat(Kind.PNG, 0, DEFAULT_PNG_LEVEL);

  /**
   * As options say it.
   *
   * @param format png, jpeg or webp; webp is lossless unless a quality is given
   * @throws UsageException naming the option, the value and what is allowed
   */
  public static OutputFormat of(String format, OptionalInt quality, int pngLevel) {
    if (quality.isPresent() && (quality.getAsInt() < 1 || quality.getAsInt() > 100)) {
      throw new UsageException(Setting.QUALITY, quality.getAsInt(), "1 to 100 is allowed");
    }
    if (pngLevel < 0 || pngLevel > 9) {
      throw new UsageException(Setting.PNG_LEVEL, pngLevel, "0 to 9 is allowed");
    }
    return switch (format) {
      case "png" -> {
        if (quality.isPresent()) {
          throw new UsageException(
              Setting.QUALITY,
              quality.getAsInt(),
              "PNG has none; %s is how hard it is packed".formatted(Setting.PNG_LEVEL));
        }
        yield new OutputFormat(Kind.PNG, 0, pngLevel);
      }
      case "jpeg", "jpg" ->
          new OutputFormat(Kind.JPEG, quality.orElse(DEFAULT_JPEG_QUALITY), pngLevel);
      case "webp" ->
          quality.isPresent()
              ? new OutputFormat(Kind.WEBP_LOSSY, quality.getAsInt(), pngLevel)
              : new OutputFormat(Kind.WEBP, 0, pngLevel);
      default -> throw new UsageException(Setting.FORMAT, format, "png, jpeg or webp is allowed");
    };
  }

  Encoding encoding() {
    return switch (kind) {
      case PNG ->
          new Encoding.Png(
              pngLevel, pngLevel <= FASTEST_FILTER ? PngFiltering.FAST : PngFiltering.ADAPTIVE);
      case JPEG -> new Encoding.Jpeg(quality);
      case WEBP -> new Encoding.WebpLossless();
      case WEBP_LOSSY -> new Encoding.WebpLossy(quality);
    };
  }

  /** The ending of files' names. */
  String extension() {
    return switch (kind) {
      case PNG -> "png";
      case JPEG -> "jpg";
      case WEBP, WEBP_LOSSY -> "webp";
    };
  }

  /** Bits a sample that the format has for a picture's. */
  int bitDepth(int ofPicture) {
    return kind == Kind.PNG ? ofPicture : 8;
  }

  boolean hasAlpha() {
    return kind != Kind.JPEG;
  }

  /** What the bytes of an output depend on. */
  String recorded() {
    return switch (kind) {
      case PNG -> "png level %d".formatted(pngLevel);
      case JPEG -> "jpeg quality %d".formatted(quality);
      case WEBP -> "webp lossless";
      case WEBP_LOSSY -> "webp quality %d".formatted(quality);
    };
  }
}
