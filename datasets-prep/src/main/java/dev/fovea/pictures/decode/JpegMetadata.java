package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Density;
import dev.fovea.pictures.metadata.Exif;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PhotoshopResources;
import dev.fovea.pictures.metadata.PngColours;
import dev.fovea.pictures.metadata.PngText;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the APPn segments and comments of a JPEG file say. */
final class JpegMetadata {
  private static final String EXIF = "Exif\0\0";
  private static final String ICC = "ICC_PROFILE\0";
  static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final String EXTENDED_XMP = "http://ns.adobe.com/xmp/extension/\0";
  private static final String PHOTOSHOP = "Photoshop 3.0\0";

  private final byte[] file;
  private final int limit;
  private final List<String> notes;
  private byte[] exif;
  private byte[] xmp;
  private Optional<Density> density = Optional.empty();
  private final Texts texts;

  /** Photoshop's resources, which may go on from segment to segment. */
  private final ByteArrayOutputStream resources = new ByteArrayOutputStream();

  private boolean jfif;
  private boolean plain = true;
  private int adobeTransform = -1;

  /** Starts and lengths of the profile's pieces by their number, from 1. */
  private int[] pieceStarts = new int[256];

  private int[] pieceLengths = new int[256];
  private int pieces;

  /** What the pieces seen when last asked gave; null before. */
  private Optional<byte[]> icc;

  private int piecesSeen;
  private int declaredPieces;

  JpegMetadata(byte[] file, int limit, List<String> notes) {
    this.file = file;
    this.limit = limit;
    this.notes = notes;
    texts = new Texts(limit);
  }

  void segment(int marker, int body, int length) {
    switch (marker) {
      case 0xE0 -> {
        if (length >= 5 && Bytes.startsWith(file, body, "JFIF\0")) {
          jfif = true;
          if (length >= 12) {
            density =
                Density.ofJfif(
                    Bytes.u8(file, body + 7),
                    Bytes.big16(file, body + 8),
                    Bytes.big16(file, body + 10));
          }
        }
      }
      case 0xE1 -> {
        if (length > EXIF.length() && Bytes.startsWith(file, body, EXIF)) {
          byte[] block = Arrays.copyOfRange(file, body + EXIF.length(), body + length);
          exif = exif == null ? block : exif;
          plain = plain && Exif.orientation(block) == 1;
        } else if (Bytes.startsWith(file, body, XMP) && xmp == null && length > XMP.length()) {
          xmp = Arrays.copyOfRange(file, body + XMP.length(), body + length);
        } else if (Bytes.startsWith(file, body, EXTENDED_XMP)) {
          texts.lose("the part of XMP beyond one segment ignored");
        }
      }
      case 0xE2 -> {
        int head = ICC.length() + 2;
        if (Bytes.startsWith(file, body, ICC)) {
          plain = plain && namesSrgb(body, body + length);
        }
        if (length > head && Bytes.startsWith(file, body, ICC)) {
          int number = Bytes.u8(file, body + ICC.length());
          if (pieceLengths[number] == 0) {
            pieces++;
          }
          pieceStarts[number] = body + head;
          pieceLengths[number] = length - head;
          declaredPieces = Bytes.u8(file, body + ICC.length() + 1);
        }
      }
      case 0xED -> {
        if (length > PHOTOSHOP.length() && Bytes.startsWith(file, body, PHOTOSHOP)) {
          int data = length - PHOTOSHOP.length();
          if (data > limit - resources.size()) {
            texts.lose("resources of Photoshop beyond %d bytes ignored".formatted(limit));
          } else {
            resources.write(file, body + PHOTOSHOP.length(), data);
          }
        }
      }
      case 0xFE -> texts.add(PngText.ofComment(Arrays.copyOfRange(file, body, body + length)));
      case 0xEE -> {
        if (length >= 12 && Bytes.startsWith(file, body, "Adobe")) {
          adobeTransform = Bytes.u8(file, body + 11);
        }
      }
      default -> {
        // Applications' own data.
      }
    }
  }

  /** Whether the segments so far neither turn the picture nor give it colours beyond sRGB. */
  boolean plain() {
    return plain;
  }

  /** Profiles carry their name in ASCII (version 2) or UTF-16 (version 4). */
  private boolean namesSrgb(int start, int end) {
    for (int at = start; at < end; at++) {
      if (Bytes.startsWith(file, at, "sRGB") || Bytes.startsWith(file, at, "s\0R\0G\0B")) {
        return true;
      }
    }
    return false;
  }

  Optional<byte[]> exif() {
    return Optional.ofNullable(exif);
  }

  /** All that there is so far. */
  Metadata found() {
    return new Metadata(
        icc(),
        PngColours.NONE,
        exif(),
        Optional.ofNullable(xmp),
        PhotoshopResources.iptc(resources.toByteArray()),
        density,
        texts.kept(),
        texts.lost());
  }

  /** The profile, put together from its pieces. */
  Optional<byte[]> icc() {
    if (icc == null || piecesSeen != pieces) {
      piecesSeen = pieces;
      icc = assembled();
    }
    return icc;
  }

  private Optional<byte[]> assembled() {
    if (pieces == 0) {
      return Optional.empty();
    }
    long size = 0;
    for (int i = 1; i <= pieces; i++) {
      size += pieceLengths[i];
      if (pieceLengths[i] == 0 || pieces != declaredPieces) {
        notes.add("colour profile with missing pieces ignored");
        return Optional.empty();
      }
    }
    if (size > limit) {
      notes.add("colour profile of %d bytes ignored, the limit is %d".formatted(size, limit));
      return Optional.empty();
    }
    byte[] profile = new byte[(int) size];
    int to = 0;
    for (int i = 1; i <= pieces; i++) {
      System.arraycopy(file, pieceStarts[i], profile, to, pieceLengths[i]);
      to += pieceLengths[i];
    }
    return Optional.of(profile);
  }

  /** As libjpeg decides it: Adobe's marker, else JFIF's, else the colours' names. */
  JpegOutput.Colour colour(JpegFrame frame) {
    JpegComponent[] c = frame.components;
    if (c.length == 1) {
      return JpegOutput.Colour.GREY;
    }
    if (c.length == 4) {
      return switch (adobeTransform) {
        case -1 -> JpegOutput.Colour.CMYK;
        case 2 -> JpegOutput.Colour.YCCK;
        default -> JpegOutput.Colour.CMYK_INVERTED;
      };
    }
    boolean namedRgb = c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B';
    boolean rgb = adobeTransform == 0 || (adobeTransform < 0 && !jfif && namedRgb);
    return rgb ? JpegOutput.Colour.RGB : JpegOutput.Colour.YCC;
  }

  /** Notes that another picture follows, as in multi-picture and motion photographs. */
  void noteFurtherPictures(int end) {
    for (int i = end; i + 2 < file.length && i < end + 4096; i++) {
      if (file[i] == -1 && file[i + 1] == (byte) 0xD8 && file[i + 2] == -1) {
        notes.add("further pictures after the first ignored");
        return;
      }
    }
  }
}
