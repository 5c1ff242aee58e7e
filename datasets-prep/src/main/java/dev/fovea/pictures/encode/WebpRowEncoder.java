package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Exif;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Collects rows and writes them as WebP when there are no more. */
final class WebpRowEncoder implements RowEncoder {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;
  private static final int ICC_FLAG = 0x20;
  private static final int ALPHA_FLAG = 0x10;
  private static final int EXIF_FLAG = 0x08;
  private static final int XMP_FLAG = 0x04;
  private static final int HEAD = 12;

  private final OutputStream out;
  private final PictureLayout layout;
  private final Encoding settings;
  private final RowCount rows;
  private int[] argb;

  /**
   * @param settings lossless or lossy WebP
   */
  WebpRowEncoder(OutputStream out, PictureLayout layout, Encoding settings) {
    this.out = out;
    this.layout = layout;
    this.settings = settings;
    rows = new RowCount(settings, layout);
    argb = new int[Math.toIntExact(layout.pixels())];
  }

  static Optional<String> refusal(PictureLayout layout) {
    return layout
        .refusalBeyond(WebpEncoder.MAX_SIDE, "WEBP")
        .or(
            () ->
                // The steps of compression take two numbers a pixel.
                2 * layout.pixels() <= MAX_ARRAY
                    ? Optional.empty()
                    : Optional.of(
                        "a picture of %d pixels is too large to be written as WEBP"
                            .formatted(layout.pixels())));
  }

  /** What of metadata is left out, or written in another way. */
  static List<String> omissions(Metadata metadata) {
    List<String> omissions = new ArrayList<>(metadata.lost());
    Omissions.ofTexts(metadata.texts(), "WEBP").ifPresent(omissions::add);
    Omissions.ofColours(metadata, "WEBP").ifPresent(omissions::add);
    if (metadata.iptc().isPresent()) {
      omissions.add("IPTC is not kept: WEBP has no place for it");
    }
    boolean inExif = metadata.exif().flatMap(Exif::density).isPresent();
    if (metadata.density().isPresent() && !inExif) {
      omissions.add("the density, or shape of pixels, is not kept: WEBP has no place for it");
    }
    return omissions;
  }

  @Override
  public int rowsLeft() {
    return rows.left();
  }

  @Override
  public void write(Picture band) {
    int offset = (layout.height() - rows.left()) * layout.width();
    rows.take(band);
    Flattening.argb(band, argb, offset);
  }

  @Override
  public void close() throws IOException {
    if (argb == null) {
      return;
    }
    int[] pixels = argb;
    argb = null;
    rows.checkNoneLeft();
    write(chunks(pixels));
  }

  private byte[] chunks(int[] pixels) throws IOException {
    if (settings instanceof Encoding.WebpLossy lossy) {
      byte[] riff =
          LibWebp.lossy(pixels, layout.width(), layout.height(), layout.alpha(), lossy.quality());
      return Arrays.copyOfRange(riff, HEAD, riff.length);
    }
    return chunk(
        "VP8L", Vp8lEncoder.encode(pixels, layout.width(), layout.height(), layout.alpha()));
  }

  /** Puts the picture's chunks between its metadata, in the extended format where there is any. */
  private void write(byte[] pictureChunks) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(pictureChunks.length + 4096);
    body.writeBytes(ascii("WEBP"));
    Optional<byte[]> icc = layout.metadata().profile(false);
    Optional<byte[]> exif = layout.metadata().exif();
    Optional<byte[]> xmp = layout.metadata().xmp();
    boolean extended =
        icc.isPresent() || exif.isPresent() || xmp.isPresent() || starts(pictureChunks, "VP8X");
    if (extended) {
      int flags =
          (icc.isPresent() ? ICC_FLAG : 0)
              | (exif.isPresent() ? EXIF_FLAG : 0)
              | (xmp.isPresent() ? XMP_FLAG : 0)
              | (layout.alpha() ? ALPHA_FLAG : 0);
      body.writeBytes(chunk("VP8X", canvas(flags)));
    }
    icc.ifPresent(profile -> body.writeBytes(chunk("ICCP", profile)));
    int from = starts(pictureChunks, "VP8X") ? 18 : 0;
    body.write(pictureChunks, from, pictureChunks.length - from);
    exif.ifPresent(block -> body.writeBytes(chunk("EXIF", block)));
    xmp.ifPresent(packet -> body.writeBytes(chunk("XMP ", packet)));
    byte[] head = chunk("RIFF", new byte[0]);
    putLength(head, body.size());
    out.write(head);
    body.writeTo(out);
  }

  private byte[] canvas(int flags) {
    byte[] canvas = new byte[10];
    canvas[0] = (byte) flags;
    for (int i = 0; i < 3; i++) {
      canvas[4 + i] = (byte) ((layout.width() - 1) >> (8 * i));
      canvas[7 + i] = (byte) ((layout.height() - 1) >> (8 * i));
    }
    return canvas;
  }

  private static boolean starts(byte[] chunks, String type) {
    return Arrays.equals(chunks, 0, 4, ascii(type), 0, 4);
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] chunk = new byte[8 + data.length + (data.length & 1)];
    System.arraycopy(ascii(type), 0, chunk, 0, 4);
    putLength(chunk, data.length);
    System.arraycopy(data, 0, chunk, 8, data.length);
    return chunk;
  }

  private static void putLength(byte[] chunk, int length) {
    for (int i = 0; i < 4; i++) {
      chunk[4 + i] = (byte) (length >> (8 * i));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
