package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Density;
import dev.fovea.pictures.metadata.Exif;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PhotoshopResources;
import dev.fovea.pictures.metadata.PngColours;
import dev.fovea.pictures.metadata.PngText;
import dev.fovea.pictures.metadata.RawProfile;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Walks the chunks of a PNG file: CRCs checked, metadata inflated within its limit, the data chunks
 * only located.
 */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;

  private final byte[] file;
  private final Limits limits;
  private final Damage damage;
  private final List<String> notes = new ArrayList<>();

  /** Start and length of each IDAT chunk's data, in pairs. */
  private int[] data = new int[16];

  private int dataChunks;
  private boolean profileSeen;
  private boolean animationSeen;
  private int frames = 1;
  private PngHeader header;
  private byte[] palette;
  private byte[] transparency;
  private byte[] icc;
  private PngColours colours = PngColours.NONE;
  private byte[] exif;
  private Optional<Density> density = Optional.empty();
  private final Texts texts;

  /** What text chunks hold for want of a chunk of its own; each kind is looked for once. */
  private final Map<String, Optional<byte[]>> inTexts = new HashMap<>();

  private Metadata metadata;

  private PngChunks(byte[] file, Limits limits, Damage damage) {
    this.file = file;
    this.limits = limits;
    this.damage = damage;
    texts = new Texts(limits.metadataBytes());
  }

  static PngChunks parse(byte[] file, Limits limits, Damage damage)
      throws RejectedPictureException {
    PngChunks chunks = new PngChunks(file, limits, damage);
    chunks.walk();
    return chunks;
  }

  PngHeader header() {
    return header;
  }

  /** RGB triples; null unless the picture has a palette. */
  byte[] palette() {
    return palette;
  }

  /** The tRNS chunk; null where there is none or the picture has an alpha channel. */
  byte[] transparency() {
    return transparency;
  }

  Metadata metadata() {
    return metadata;
  }

  /** As {@link PictureFile#plain}. */
  boolean plain() {
    boolean upright = metadata.exif().map(Exif::orientation).orElse(1) == 1;
    return upright && !animationSeen && !profileSeen && colours.profile(header.grey()).isEmpty();
  }

  List<String> notes() {
    return notes;
  }

  /** A file may give reason for a million. */
  private void note(String note) {
    if (notes.size() <= Decoded.MOST_NOTES) {
      notes.add(note);
    }
  }

  /** Frames of an animation; 1 for a still. */
  int frames() {
    return frames;
  }

  int dataChunks() {
    return dataChunks;
  }

  int dataStart(int chunk) {
    return data[2 * chunk];
  }

  int dataLength(int chunk) {
    return data[2 * chunk + 1];
  }

  private void walk() throws RejectedPictureException {
    int at = SIGNATURE_BYTES;
    boolean ended = false;
    while (!ended) {
      if (at + 12 > file.length) {
        cutOff(at);
        break;
      }
      String type = Bytes.tag(file, at + 4);
      if (damage == Damage.REPAIR && Bytes.big32(file, at) > file.length - at - 12) {
        cutOff(at);
        if (type.equals("IDAT")) {
          addData(at + 8, file.length - at - 8);
        }
        break;
      }
      int length = Bytes.chunkLength("PNG", Bytes.big32(file, at), at, file.length - at - 12);
      if (header == null && !type.equals("IHDR")) {
        throw new RejectedPictureException("PNG does not begin with its IHDR chunk");
      }
      CRC32 crc = new CRC32();
      crc.update(file, at + 4, length + 4);
      if ((int) crc.getValue() == Bytes.big32(file, at + 8 + length)) {
        ended = read(type, at + 8, length);
      } else if (damage == Damage.REPAIR && critical(type) && header != null) {
        note("PNG chunk %s at byte %d has a wrong CRC".formatted(printable(type), at));
        ended = read(type, at + 8, length);
      } else if (critical(type)) {
        throw new RejectedPictureException(
            "PNG chunk %s at byte %d has a wrong CRC".formatted(printable(type), at));
      } else {
        note("chunk %s with a wrong CRC ignored".formatted(printable(type)));
      }
      at += 12 + length;
    }
    if (dataChunks == 0) {
      throw new RejectedPictureException("PNG without an IDAT chunk");
    }
    if (header.palette() && palette == null) {
      throw new RejectedPictureException("PNG with palette colours but without a PLTE chunk");
    }
    metadata =
        new Metadata(
            Optional.ofNullable(icc),
            colours,
            Optional.ofNullable(exif).or(() -> inTexts("exif")).map(Exif::withoutHead),
            inTexts("xmp"),
            inTexts("iptc").flatMap(PhotoshopResources::iptc),
            density,
            texts.kept(),
            texts.lost());
  }

  private void cutOff(int at) throws RejectedPictureException {
    String message = "PNG ends at byte %d, before its IEND chunk".formatted(file.length);
    if (damage == Damage.REJECT || header == null || at > file.length) {
      throw new RejectedPictureException(message);
    }
    note(message);
  }

  private static boolean critical(String type) {
    return type.charAt(0) < 'a' || type.charAt(0) > 'z';
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > 32 && c < 127) ? type : "of an illegal type";
  }

  /** Whether this was the last chunk. */
  private boolean read(String type, int at, int length) throws RejectedPictureException {
    switch (type) {
      case "IHDR" -> readHeader(at, length);
      case "PLTE" -> readPalette(at, length);
      case "tRNS" -> readTransparency(at, length);
      case "IDAT" -> addData(at, length);
      case "iCCP" -> readProfile(at, length);
      case "cICP", "sRGB", "gAMA", "cHRM" ->
          colours = colours.with(type, Arrays.copyOfRange(file, at, at + length));
      case "pHYs" -> density = Density.ofPhys(Arrays.copyOfRange(file, at, at + length));
      case "tEXt", "zTXt", "iTXt" -> readText(type, at, length);
      case "eXIf" -> {
        if (length > limits.metadataBytes()) {
          note(
              "EXIF block of %d bytes ignored, the limit is %d"
                  .formatted(length, limits.metadataBytes()));
        } else {
          exif = Arrays.copyOfRange(file, at, at + length);
        }
      }
      case "acTL" -> readAnimation(at, length);
      case "IEND" -> {
        return true;
      }
      default -> {
        if (critical(type)) {
          throw new RejectedPictureException(
              "PNG with an unknown critical chunk " + printable(type));
        }
      }
    }
    return false;
  }

  private void readHeader(int at, int length) throws RejectedPictureException {
    if (header != null || length != 13) {
      throw new RejectedPictureException("PNG with a second or misshapen IHDR chunk");
    }
    header = PngHeader.parse(file, at);
  }

  private void readPalette(int at, int length) throws RejectedPictureException {
    if (!header.palette()) {
      return; // A suggestion for devices of few colours.
    }
    if (length % 3 != 0 || length == 0 || length > 3 << header.depth()) {
      throw new RejectedPictureException(
          "PNG palette of %d bytes, not 3 to %d in triples".formatted(length, 3 << header.depth()));
    }
    palette = Arrays.copyOfRange(file, at, at + length);
  }

  private void readTransparency(int at, int length) {
    boolean fits =
        switch (header.colourType()) {
          case 0 -> length == 2;
          case 2 -> length == 6;
          case 3 -> palette != null && length <= palette.length / 3;
          default -> false;
        };
    if (fits && dataChunks == 0) {
      transparency = Arrays.copyOfRange(file, at, at + length);
    } else {
      note("misplaced transparency chunk ignored");
    }
  }

  private void readAnimation(int at, int length) throws RejectedPictureException {
    animationSeen = true;
    if (length < 4) {
      return;
    }
    int frames = Bytes.big32(file, at);
    if (Integer.compareUnsigned(frames, limits.frames()) > 0) {
      throw new RejectedPictureException(
          "PNG declares %s frames, more than the limit of %d"
              .formatted(Integer.toUnsignedString(frames), limits.frames()));
    }
    if (frames > 1) {
      this.frames = frames;
      note("animation of %d frames: only the first is read".formatted(frames));
    }
  }

  private void readText(String type, int at, int length) {
    if (length > limits.metadataBytes()) {
      texts.lose("text of more than %d bytes ignored".formatted(limits.metadataBytes()));
      return;
    }
    PngText text = new PngText(type, Arrays.copyOfRange(file, at, at + length));
    if (!text.wellFormed()) {
      texts.lose("misshapen text chunk ignored");
      return;
    }
    String kind =
        switch (text.keyword()) {
          case PngText.XMP, RawProfile.KEYWORD + "xmp" -> "xmp";
          case RawProfile.KEYWORD + "exif", RawProfile.KEYWORD + "APP1" -> "exif";
          case RawProfile.KEYWORD + "iptc", RawProfile.KEYWORD + "8bim" -> "iptc";
          default -> "";
        };
    if (kind.isEmpty()) {
      texts.add(text);
      return;
    }
    if (inTexts.containsKey(kind)) {
      note("a second text of the kind of %s ignored".formatted(kind));
      return;
    }
    Optional<byte[]> content = text.text(limits.metadataBytes());
    if (!text.keyword().equals(PngText.XMP)) {
      content = content.flatMap(RawProfile::decode);
    }
    if (content.isEmpty()) {
      note("damaged or too large %s in a text chunk ignored".formatted(kind));
    }
    if (content.isPresent() && Bytes.startsWith(content.get(), 0, JpegMetadata.XMP)) {
      // The segments of JPEG that hold XMP have the number of those that hold EXIF.
      byte[] packet = content.get();
      int head = JpegMetadata.XMP.length();
      inTexts.putIfAbsent("xmp", Optional.of(Arrays.copyOfRange(packet, head, packet.length)));
      content = Optional.empty();
    }
    inTexts.put(kind, content);
  }

  private Optional<byte[]> inTexts(String kind) {
    return inTexts.getOrDefault(kind, Optional.empty());
  }

  private void readProfile(int at, int length) {
    int name = at;
    while (name < at + length && file[name] != 0) {
      name++;
    }
    int start = name + 2;
    if (start > at + length || profileSeen) {
      note("misshapen colour profile ignored");
      return;
    }
    profileSeen = true; // Each takes time to inflate, usable or not.
    Inflater inflater = new Inflater();
    inflater.setInput(file, start, at + length - start);
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 13];
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0) {
          note("incomplete colour profile ignored");
          return;
        }
        if (profile.size() + count > limits.metadataBytes()) {
          note("colour profile of more than %d bytes ignored".formatted(limits.metadataBytes()));
          return;
        }
        profile.write(buffer, 0, count);
      }
      icc = profile.toByteArray();
    } catch (DataFormatException e) {
      note("damaged colour profile ignored");
    } finally {
      inflater.end();
    }
  }

  private void addData(int at, int length) {
    if (2 * dataChunks == data.length) {
      data = Arrays.copyOf(data, 2 * data.length);
    }
    data[2 * dataChunks] = at;
    data[2 * dataChunks + 1] = length;
    dataChunks++;
  }
}
