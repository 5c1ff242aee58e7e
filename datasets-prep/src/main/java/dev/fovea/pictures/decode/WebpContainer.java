package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Exif;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PngColours;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Walks the RIFF chunks of a WebP file and finds the first picture and the metadata. */
final class WebpContainer {
  private static final int HEAD = 12;
  private static final int FRAME_HEAD = 16;
  private static final int ICC_EXIF_ANIMATION = 0x20 | 0x08 | 0x02;

  private final byte[] file;
  private final Limits limits;
  private final Damage damage;
  private final List<String> notes = new ArrayList<>();
  private Chunk picture;
  private Chunk alpha;
  private Optional<byte[]> icc = Optional.empty();
  private Optional<byte[]> exif = Optional.empty();
  private Optional<byte[]> xmp = Optional.empty();
  private int frames;
  private int frameX;
  private int frameY;

  /**
   * A chunk's data.
   *
   * @param type four characters
   */
  record Chunk(String type, int start, int length) {}

  private WebpContainer(byte[] file, Limits limits, Damage damage) {
    this.file = file;
    this.limits = limits;
    this.damage = damage;
  }

  static WebpContainer parse(byte[] file, Limits limits, Damage damage)
      throws RejectedPictureException {
    WebpContainer container = new WebpContainer(file, limits, damage);
    container.walk();
    return container;
  }

  /** The VP8 or VP8L chunk of the picture, or of an animation's first frame. */
  Chunk picture() {
    return picture;
  }

  /** The alpha chunk that belongs to it. */
  Optional<Chunk> alpha() {
    return Optional.ofNullable(alpha);
  }

  Metadata metadata() {
    return new Metadata(
        icc,
        PngColours.NONE,
        exif.map(Exif::withoutHead),
        xmp,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** As {@link PictureFile#plain}. */
  boolean plain() {
    return !Bytes.startsWith(file, HEAD, "VP8X")
        || (Bytes.u8(file, HEAD + 8) & ICC_EXIF_ANIMATION) == 0;
  }

  List<String> notes() {
    return notes;
  }

  /** Frames of an animation; 0 for a still. */
  int frames() {
    return frames;
  }

  /** Whether the picture is a frame, which need not fill the canvas. */
  boolean animated() {
    return frames > 0;
  }

  /** Columns of the canvas left of an animation's first frame. */
  int frameX() {
    return frameX;
  }

  int frameY() {
    return frameY;
  }

  private void walk() throws RejectedPictureException {
    long declared = (Bytes.little32(file, 4) & 0xFFFFFFFFL) + 8;
    if (declared > file.length) {
      String cutOff = "WEBP declares %d bytes, but has %d".formatted(declared, file.length);
      if (damage == Damage.REJECT) {
        throw new RejectedPictureException(cutOff);
      }
      notes.add(cutOff);
    }
    int end = (int) Math.min(declared, file.length);
    for (int at = HEAD; at + 8 <= end; ) {
      if (damage == Damage.REPAIR
          && picture != null
          && Bytes.little32(file, at + 4) > end - at - 8) {
        break; // What follows the picture is cut off, as has been noted.
      }
      Chunk chunk = chunk(at, end);
      read(chunk);
      at = next(chunk);
    }
    if (frames > 1) {
      notes.add(0, "animation of %d frames: only the first is read".formatted(frames));
    }
    if (picture == null) {
      throw new RejectedPictureException("WEBP without a picture");
    }
  }

  private void read(Chunk chunk) throws RejectedPictureException {
    switch (chunk.type()) {
      case "VP8 ", "VP8L" -> {
        if (picture == null) {
          picture = chunk;
        }
      }
      case "ALPH" -> {
        if (picture == null) {
          alpha = chunk;
        }
      }
      case "ICCP" -> icc = metadata(chunk, "colour profile");
      case "EXIF" -> exif = metadata(chunk, "EXIF block");
      case "XMP " -> xmp = metadata(chunk, "XMP packet");
      case "ANMF" -> {
        frames++;
        if (frames > limits.frames()) {
          throw new RejectedPictureException(
              "WEBP has more frames than the limit of %d".formatted(limits.frames()));
        }
        if (frames == 1 && picture == null) {
          frame(chunk);
        }
      }
      default -> {
        // VP8X and ANIM repeat what is known; others are for other readers.
      }
    }
  }

  private void frame(Chunk frame) throws RejectedPictureException {
    if (frame.length() < FRAME_HEAD) {
      throw new RejectedPictureException("WEBP with a misshapen frame");
    }
    frameX = 2 * Bytes.little24(file, frame.start());
    frameY = 2 * Bytes.little24(file, frame.start() + 3);
    int end = frame.start() + frame.length();
    for (int at = frame.start() + FRAME_HEAD; at + 8 <= end && picture == null; ) {
      Chunk chunk = chunk(at, end);
      if (chunk.type().equals("ALPH")) {
        alpha = chunk;
      } else if (chunk.type().startsWith("VP8")) {
        picture = chunk;
      }
      at = next(chunk);
    }
  }

  private Chunk chunk(int at, int end) throws RejectedPictureException {
    int length = Bytes.chunkLength("WEBP", Bytes.little32(file, at + 4), at, end - at - 8);
    return new Chunk(Bytes.tag(file, at), at + 8, length);
  }

  private static int next(Chunk chunk) {
    return chunk.start() + chunk.length() + (chunk.length() & 1);
  }

  private Optional<byte[]> metadata(Chunk chunk, String name) {
    if (chunk.length() > limits.metadataBytes()) {
      notes.add(
          "%s of %d bytes ignored, the limit is %d"
              .formatted(name, chunk.length(), limits.metadataBytes()));
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOfRange(file, chunk.start(), chunk.start() + chunk.length()));
  }
}
