package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Density;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PhotoshopResources;
import dev.fovea.pictures.metadata.PngText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.plugins.jpeg.JPEGQTable;

/** What stands in a JPEG file before its picture data. */
final class JpegHeader {
  private static final int MAX_SEGMENT = 65533;
  private static final String EXIF = "Exif\0\0";
  private static final String ICC = "ICC_PROFILE\0";
  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final String PHOTOSHOP = "Photoshop 3.0\0";
  private static final int ICC_PIECE = MAX_SEGMENT - ICC.length() - 2;

  private JpegHeader() {}

  /** Why colours cannot be written: other metadata may be left out. */
  static Optional<String> refusal(PictureLayout layout) {
    int icc = layout.metadata().icc().map(profile -> profile.length).orElse(0);
    if (icc > 255 * ICC_PIECE) {
      return Optional.of(
          "a colour profile of %d bytes does not fit into JPEG, which allows %d"
              .formatted(icc, 255 * ICC_PIECE));
    }
    return Optional.empty();
  }

  /** What of metadata is left out, or written in another way. */
  static List<String> omissions(Metadata metadata) {
    List<String> omissions = new ArrayList<>(metadata.lost());
    List<PngText> texts =
        metadata.texts().stream().filter(text -> comment(text).isEmpty()).toList();
    Omissions.ofTexts(texts, "JPEG").ifPresent(omissions::add);
    Omissions.ofColours(metadata, "JPEG").ifPresent(omissions::add);
    tooLong("EXIF", EXIF, metadata.exif()).ifPresent(omissions::add);
    tooLong("XMP", XMP, metadata.xmp()).ifPresent(omissions::add);
    tooLong("IPTC", PHOTOSHOP, photoshop(metadata)).ifPresent(omissions::add);
    if (metadata.density().filter(density -> density.metric() && !density.fitsJfif()).isPresent()) {
      omissions.add("the density is not kept: JPEG allows 65535 pixels a centimetre");
    }
    return omissions;
  }

  private static Optional<byte[]> comment(PngText text) {
    return segment("", text.comment());
  }

  private static Optional<byte[]> photoshop(Metadata metadata) {
    return metadata.iptc().map(PhotoshopResources::ofIptc);
  }

  private static Optional<String> tooLong(String name, String head, Optional<byte[]> body) {
    return body.filter(bytes -> segment(head, body).isEmpty())
        .map(
            bytes ->
                "%s of %d bytes is not kept: JPEG allows %d"
                    .formatted(name, bytes.length, MAX_SEGMENT - head.length()));
  }

  /** A segment's body, if it fits into one. */
  private static Optional<byte[]> segment(String head, Optional<byte[]> body) {
    return body.filter(bytes -> bytes.length <= MAX_SEGMENT - head.length());
  }

  /** Annex K's table for luma in natural order, scaled as libjpeg does. */
  static int[] lumaTable(int quality) {
    return scaled(JPEGQTable.K1Luminance, quality);
  }

  /** Annex K's table for chroma, likewise. */
  static int[] chromaTable(int quality) {
    return scaled(JPEGQTable.K2Chrominance, quality);
  }

  /** Writes everything up to the picture data. */
  static void write(
      OutputStream out, PictureLayout layout, int[] lumaTable, int[] chromaTable, int factor)
      throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0xFF);
    head.write(0xD8);
    Metadata metadata = layout.metadata();
    byte[] density = metadata.density().map(Density::jfif).orElse(new byte[] {0, 0, 1, 0, 1});
    segment(
        head,
        0xE0,
        "JFIF\0\1\1",
        new byte[] {density[0], density[1], density[2], density[3], density[4], 0, 0});
    segment(EXIF, metadata.exif()).ifPresent(block -> segment(head, 0xE1, EXIF, block));
    segment(XMP, metadata.xmp()).ifPresent(packet -> segment(head, 0xE1, XMP, packet));
    metadata.profile(layout.grey()).ifPresent(profile -> icc(head, profile));
    segment(PHOTOSHOP, photoshop(metadata))
        .ifPresent(resource -> segment(head, 0xED, PHOTOSHOP, resource));
    for (PngText text : metadata.texts()) {
      comment(text).ifPresent(bytes -> segment(head, 0xFE, "", bytes));
    }
    segment(head, 0xDB, "\0", zigzag(lumaTable));
    if (!layout.grey()) {
      segment(head, 0xDB, "\1", zigzag(chromaTable));
    }
    segment(head, 0xC0, "\b", frame(layout, factor));
    segment(head, 0xC4, "\0", JpegBlocks.DC_LUMA.described());
    segment(head, 0xC4, "\20", JpegBlocks.AC_LUMA.described());
    if (!layout.grey()) {
      segment(head, 0xC4, "\1", JpegBlocks.DC_CHROMA.described());
      segment(head, 0xC4, "\21", JpegBlocks.AC_CHROMA.described());
    }
    byte[] scan =
        layout.grey() ? new byte[] {1, 0, 0, 63, 0} : new byte[] {1, 0, 2, 17, 3, 17, 0, 63, 0};
    segment(head, 0xDA, layout.grey() ? "\1" : "\3", scan);
    head.writeTo(out);
  }

  private static int[] scaled(JPEGQTable table, int quality) {
    int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    int[] scaled = table.getTable();
    for (int i = 0; i < 64; i++) {
      scaled[i] = Math.max(1, Math.min(255, (scaled[i] * percent + 50) / 100));
    }
    return scaled;
  }

  private static byte[] zigzag(int[] table) {
    byte[] bytes = new byte[64];
    for (int k = 0; k < 64; k++) {
      bytes[k] = (byte) table[JpegBlocks.NATURAL[k]];
    }
    return bytes;
  }

  private static byte[] frame(PictureLayout layout, int factor) {
    int colours = layout.grey() ? 1 : 3;
    byte[] frame = new byte[5 + 3 * colours];
    frame[0] = (byte) (layout.height() >> 8);
    frame[1] = (byte) layout.height();
    frame[2] = (byte) (layout.width() >> 8);
    frame[3] = (byte) layout.width();
    frame[4] = (byte) colours;
    for (int c = 0; c < colours; c++) {
      int sampling = c == 0 ? factor : 1;
      frame[5 + 3 * c] = (byte) (c + 1);
      frame[6 + 3 * c] = (byte) (sampling << 4 | sampling);
      frame[7 + 3 * c] = (byte) (c == 0 ? 0 : 1);
    }
    return frame;
  }

  private static void icc(ByteArrayOutputStream head, byte[] profile) {
    int pieces = (profile.length + ICC_PIECE - 1) / ICC_PIECE;
    for (int i = 0; i < pieces; i++) {
      int from = i * ICC_PIECE;
      int to = Math.min(profile.length, from + ICC_PIECE);
      String numbered = ICC + (char) (i + 1) + (char) pieces;
      segment(head, 0xE2, numbered, java.util.Arrays.copyOfRange(profile, from, to));
    }
  }

  private static void segment(ByteArrayOutputStream file, int marker, String head, byte[] body) {
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    int length = 2 + headBytes.length + body.length;
    file.write(0xFF);
    file.write(marker);
    file.write(length >> 8);
    file.write(length);
    file.writeBytes(headBytes);
    file.writeBytes(body);
  }
}
