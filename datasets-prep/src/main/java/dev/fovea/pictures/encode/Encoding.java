package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A file format to write, with its settings. */
public sealed interface Encoding {
  /** The usual ending of a file's name, without the dot. */
  String extension();

  /** Why pictures of a layout cannot be written, in one line; empty where they can. */
  Optional<String> refusal(PictureLayout layout);

  /**
   * What a file said of a picture and is left out, by the decoder or because the format cannot hold
   * it, or is written in another way; one line for each.
   */
  List<String> omissions(PictureLayout layout);

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
   * PNG of 8 or 16 bits, grey or RGB, with alpha and all metadata; rows are streamed.
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
    public List<String> omissions(PictureLayout layout) {
      return layout.metadata().lost();
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

  /**
   * Baseline JPEG of 8 bits, grey or RGB, with metadata but for texts; rows are streamed. Alpha is
   * laid on white, 16 bits are rounded to 8. The samples are those of libjpeg's default settings.
   *
   * @param quality libjpeg's, 1 to 100; chroma is halved both ways below 90
   */
  record Jpeg(int quality) implements Encoding {
    /** The largest side that the format can express. libjpeg itself reads up to 65,500. */
    public static final int MAX_SIDE = 65535;

    /**
     * @throws IllegalArgumentException if the quality is not 1 to 100
     */
    public Jpeg {
      if (quality < 1 || quality > 100) {
        throw new IllegalArgumentException("JPEG quality %d is not 1 to 100".formatted(quality));
      }
    }

    @Override
    public String extension() {
      return "jpg";
    }

    @Override
    public Optional<String> refusal(PictureLayout layout) {
      return layout.refusalBeyond(MAX_SIDE, "JPEG").or(() -> JpegHeader.refusal(layout));
    }

    @Override
    public List<String> omissions(PictureLayout layout) {
      return JpegHeader.omissions(layout.metadata());
    }

    @Override
    public long memoryBytes(PictureLayout layout) {
      return JpegRowEncoder.memoryBytes(layout);
    }

    @Override
    public RowEncoder open(OutputStream out, PictureLayout layout) throws IOException {
      return new JpegRowEncoder(out, layout, this);
    }
  }

  /**
   * Lossless WebP with alpha, profile, EXIF and XMP, in plain Java. The format wants the whole
   * picture: nothing is written before the encoder is closed. 16 bits are rounded to 8, grey is
   * written as RGB.
   */
  record WebpLossless() implements Encoding {
    @Override
    public String extension() {
      return "webp";
    }

    @Override
    public Optional<String> refusal(PictureLayout layout) {
      return WebpRowEncoder.refusal(layout);
    }

    @Override
    public List<String> omissions(PictureLayout layout) {
      return WebpRowEncoder.omissions(layout.metadata());
    }

    @Override
    public long memoryBytes(PictureLayout layout) {
      return 32 * layout.pixels() + (1L << 20);
    }

    @Override
    public RowEncoder open(OutputStream out, PictureLayout layout) {
      return new WebpRowEncoder(out, layout, this);
    }
  }

  /**
   * Lossy WebP, with alpha, profile, EXIF and XMP, through libwebp, which is there for Linux and
   * macOS on x86-64. Otherwise as {@link WebpLossless}.
   *
   * @param quality libwebp's, 0 to 100
   */
  record WebpLossy(int quality) implements Encoding {
    /**
     * @throws IllegalArgumentException if the quality is not 0 to 100
     */
    public WebpLossy {
      if (quality < 0 || quality > 100) {
        throw new IllegalArgumentException("WEBP quality %d is not 0 to 100".formatted(quality));
      }
    }

    @Override
    public String extension() {
      return "webp";
    }

    @Override
    public Optional<String> refusal(PictureLayout layout) {
      return WebpRowEncoder.refusal(layout)
          .or(
              () ->
                  LibWebp.isThere()
                      ? Optional.empty()
                      : Optional.of(
                          "lossy WEBP cannot be written on %s %s; lossless can"
                              .formatted(
                                  System.getProperty("os.name"), System.getProperty("os.arch"))));
    }

    @Override
    public List<String> omissions(PictureLayout layout) {
      return WebpRowEncoder.omissions(layout.metadata());
    }

    @Override
    public long memoryBytes(PictureLayout layout) {
      return 20 * layout.pixels() + (1L << 20);
    }

    @Override
    public RowEncoder open(OutputStream out, PictureLayout layout) {
      return new WebpRowEncoder(out, layout, this);
    }
  }
}
