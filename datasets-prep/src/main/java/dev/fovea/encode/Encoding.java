package dev.fovea.encode;

import dev.fovea.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A file format to write, with its settings. */
public sealed interface Encoding {
  /** The usual ending of a file's name, without the dot. */
  String extension();

  /** Why pictures of a layout cannot be written, in one line; empty where they can. */
  Optional<String> refusal(PictureLayout layout);

  /**
   * About how many bytes of memory an encoder needs at its peak, the bands it is given not counted:
   * a few rows where rows are streamed, a multiple of the picture where the format wants it whole.
   */
  long memoryBytes(PictureLayout layout);

  /**
   * Starts a file.
   *
   * @param out receives the file; not closed by the encoder
   * @throws IllegalArgumentException with the {@link #refusal} before anything is written
   * @throws IOException if the stream fails
   */
  RowEncoder open(OutputStream out, PictureLayout layout) throws IOException;

  /**
   * The bytes of a complete file.
   *
   * @throws IllegalArgumentException with the {@link #refusal}
   */
  default byte[] encode(Picture picture) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (RowEncoder encoder = open(file, PictureLayout.of(picture))) {
      encoder.write(picture);
    } catch (IOException e) {
      throw new UncheckedIOException("writing %s to memory failed".formatted(extension()), e);
    }
    return file.toByteArray();
  }

  /**
   * PNG of 8 or 16 bits, grey or RGB, with alpha, profile and EXIF block; rows are streamed.
   *
   * @param level zlib's, 0 (none) to 9 (smallest)
   * @param filtering how rows are prepared for compression
   */
  record Png(int level, PngFiltering filtering) implements Encoding {
    /** Level 6 with adaptive filtering. */
    public static final Png DEFAULT = new Png(6, PngFiltering.ADAPTIVE);

    /**
     * @throws IllegalArgumentException if the level is not 0 to 9
     */
    public Png {
      if (level < 0 || level > 9) {
        throw new IllegalArgumentException("PNG level %d is not 0 to 9".formatted(level));
      }
    }

    @Override
    public String extension() {
      return "png";
    }

    @Override
    public Optional<String> refusal(PictureLayout layout) {
      long row = PngRowEncoder.rowBytes(layout);
      return row < PngRowEncoder.MAX_ROW_BYTES
          ? Optional.empty()
          : Optional.of("a row of %d bytes is too long to be written as PNG".formatted(row));
    }

    @Override
    public long memoryBytes(PictureLayout layout) {
      return 4 * PngRowEncoder.rowBytes(layout) + (1L << 20);
    }

    @Override
    public RowEncoder open(OutputStream out, PictureLayout layout) throws IOException {
      return new PngRowEncoder(out, layout, this);
    }
  }
}
