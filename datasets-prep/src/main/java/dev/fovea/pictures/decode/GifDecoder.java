package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes the first frame of a GIF onto its canvas. Further frames are counted, not decoded. What
 * no frame covers is transparent.
 */
final class GifDecoder {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int TRAILER = 0x3B;
  private static final int GRAPHIC_CONTROL = 0xF9;

  private final byte[] file;
  private final Limits limits;
  private final Damage damage;
  private final Deadline deadline;
  private final List<String> notes = new ArrayList<>();
  private int at;
  private int transparent = -1;
  private Picture picture;

  private GifDecoder(byte[] file, Limits limits, Damage damage) {
    this.file = file;
    this.limits = limits;
    this.damage = damage;
    this.deadline = new Deadline(limits);
  }

  static Stored decode(byte[] file, Limits limits, Damage damage) throws RejectedPictureException {
    return new GifDecoder(file, limits, damage).decode();
  }

  private Stored decode() throws RejectedPictureException {
    int flags = Bytes.u8(file, 10);
    at = 13;
    int globalColours = colourTable(flags);
    int frames = 0;
    boolean more = true;
    while (more) {
      int block = at < file.length ? Bytes.u8(file, at++) : -1;
      switch (block) {
        case EXTENSION -> extension();
        case IMAGE -> {
          frames++;
          if (frames > limits.frames()) {
            throw new RejectedPictureException(
                "GIF has more frames than the limit of %d".formatted(limits.frames()));
          }
          frame(globalColours, flags);
        }
        case TRAILER -> more = false;
        case -1 -> {
          if (picture == null) {
            throw new RejectedPictureException("GIF ends before its first frame");
          }
          notes.add("file without its end marker: it may be cut off after the first frame");
          more = false;
        }
        default -> {
          if (picture == null) {
            throw new RejectedPictureException(
                "GIF with an unknown block %d at byte %d".formatted(block, at - 1));
          }
          notes.add("bytes after frame %d ignored".formatted(frames));
          more = false;
        }
      }
    }
    if (picture == null) {
      throw new RejectedPictureException("GIF without a frame");
    }
    if (frames > 1) {
      notes.add(0, "animation of %d frames: only the first is read".formatted(frames));
    }
    return new Stored(picture, frames, notes);
  }

  /** Skips a colour table; its start, or -1 where there is none. */
  private int colourTable(int flags) throws RejectedPictureException {
    if ((flags & 0x80) == 0) {
      return -1;
    }
    int start = at;
    at += 3 << ((flags & 7) + 1);
    if (at > file.length) {
      throw new RejectedPictureException("GIF ends inside a colour table");
    }
    return start;
  }

  private void extension() {
    int label = at < file.length ? Bytes.u8(file, at++) : 0;
    if (label == GRAPHIC_CONTROL && at + 5 <= file.length && Bytes.u8(file, at) >= 4) {
      transparent = (file[at + 1] & 1) == 1 ? Bytes.u8(file, at + 4) : -1;
    }
    skipSubBlocks();
  }

  /** Whether the chain of sub-blocks was ended by its empty block. */
  private boolean skipSubBlocks() {
    while (at < file.length) {
      int length = Bytes.u8(file, at);
      at += 1 + length;
      if (length == 0) {
        return true;
      }
    }
    return false;
  }

  private void frame(int globalColours, int globalFlags) throws RejectedPictureException {
    if (at + 9 > file.length) {
      if (picture == null) {
        throw new RejectedPictureException("GIF ends inside its first frame");
      }
      at = file.length;
      return;
    }
    int descriptor = at;
    int flags = Bytes.u8(file, at + 8);
    at += 9;
    if (picture != null) {
      at += (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
      at++;
      skipSubBlocks();
      return;
    }
    int local = colourTable(flags);
    int colours = local >= 0 ? local : globalColours;
    if (colours < 0) {
      throw new RejectedPictureException("GIF frame without a colour table");
    }
    int count = 2 << ((local >= 0 ? flags : globalFlags) & 7);
    paint(descriptor, colours, count, (flags & 0x40) != 0);
  }

  private void paint(int descriptor, int colours, int count, boolean interlaced)
      throws RejectedPictureException {
    int canvasWidth = Bytes.little16(file, 6);
    int canvasHeight = Bytes.little16(file, 8);
    int left = Bytes.little16(file, descriptor);
    int top = Bytes.little16(file, descriptor + 2);
    int width = Bytes.little16(file, descriptor + 4);
    int height = Bytes.little16(file, descriptor + 6);
    boolean empty = width == 0 || height == 0;
    if (empty || left + width > canvasWidth || top + height > canvasHeight) {
      String beyond =
          "GIF frame of %dx%d at (%d,%d) does not lie on the canvas of %dx%d"
              .formatted(width, height, left, top, canvasWidth, canvasHeight);
      canvasWidth = Math.max(canvasWidth, left + width);
      canvasHeight = Math.max(canvasHeight, top + height);
      boolean tooLarge = (long) canvasWidth * canvasHeight > limits.pixels();
      if (damage == Damage.REJECT || empty || tooLarge) {
        throw new RejectedPictureException(beyond);
      }
      notes.add(beyond + ", which is enlarged");
    }
    GifLzw lzw = new GifLzw(file, at);
    byte[] indices = new byte[width];
    byte[] rgb = new byte[3 * canvasWidth * canvasHeight];
    byte[] alpha = new byte[canvasWidth * canvasHeight];
    boolean clear =
        left > 0 || top > 0 || left + width < canvasWidth || top + height < canvasHeight;
    boolean outside = false;
    for (int i = 0; i < height; i++) {
      try {
        lzw.read(indices);
      } catch (RejectedPictureException e) {
        if (damage == Damage.REJECT || i == 0) {
          throw e;
        }
        notes.add(e.getMessage());
        clear = true;
        break;
      }
      deadline.spend(width);
      int to = (top + (interlaced ? interlacedRow(i, height) : i)) * canvasWidth + left;
      for (int x = 0; x < width; x++, to++) {
        int index = indices[x] & 0xFF;
        if (index == transparent) {
          clear = true;
          continue;
        }
        alpha[to] = (byte) 255;
        if (index >= count) {
          outside = true;
          continue;
        }
        System.arraycopy(file, colours + 3 * index, rgb, 3 * to, 3);
      }
    }
    if (outside) {
      notes.add("palette indices beyond the palette read as black");
    }
    at = lzw.position();
    skipSubBlocks();
    Optional<Samples> plane = clear ? Optional.of(new Samples.Bytes(alpha)) : Optional.empty();
    picture =
        new Picture(canvasWidth, canvasHeight, false, new Samples.Bytes(rgb), plane, Metadata.NONE);
  }

  private static int interlacedRow(int i, int height) {
    int first = (height + 7) / 8;
    int second = (height + 3) / 8;
    int third = (height + 1) / 4;
    if (i < first) {
      return 8 * i;
    }
    if (i < first + second) {
      return 8 * (i - first) + 4;
    }
    if (i < first + second + third) {
      return 4 * (i - first - second) + 2;
    }
    return 2 * (i - first - second - third) + 1;
  }
}
