package dev.fovea.jobs.data.shard;

/**
 * One picture, or one sub-image, as a shard keeps it.
 *
 * <p>Rows are shared between threads: nobody changes {@code bytes}.
 *
 * @param path where the picture came from; a sub-image adds {@code #xywh=x,y,width,height} in
 *     pixels
 * @param sha256 the SHA-256 of {@code bytes}, 64 lower-case hexadecimal digits
 * @param width pixels, 1 or more, after orientation
 * @param height pixels, 1 or more, after orientation
 * @param format what {@code bytes} are, as {@code PictureFormat.name()}
 * @param bytes the encoded picture: upright, opaque and sRGB
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes: never compared, never copied.
public record ShardRow(
    String path, String sha256, int width, int height, String format, byte[] bytes) {

  /**
   * @throws IllegalArgumentException naming the picture, the value and what is allowed
   */
  public ShardRow {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a shard's row has no path");
    }
    if (sha256.length() != 64) {
      throw new IllegalArgumentException(
          "%s: sha256 '%s' is not 64 hexadecimal digits".formatted(path, sha256));
    }
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "%s: size %dx%d is not 1x1 or more".formatted(path, width, height));
    }
    if (format.isEmpty()) {
      throw new IllegalArgumentException("%s: the format is missing".formatted(path));
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("%s: there are no bytes".formatted(path));
    }
  }
}
