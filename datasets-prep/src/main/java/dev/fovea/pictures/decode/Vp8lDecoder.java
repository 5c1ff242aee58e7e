package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.Arrays;

/** Decodes the lossless bitstream of WebP (VP8L, RFC 9649) into ARGB pixels. */
final class Vp8lDecoder {
  private static final int SIGNATURE = 0x2F;
  private static final int LENGTH_CODES = 24;
  private static final int DISTANCE_CODES = 40;
  private static final int MAX_CACHE_BITS = 11;

  /** Entries of all code tables of one picture together: 64 MiB. */
  private static final int MAX_TABLE_ENTRIES = 1 << 24;

  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** Rows up * 16 + 8 - columns to the left, of the 120 nearest pixels. */
  private static final int[] NEAR = {
    0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a, 0x38, 0x05, 0x37, 0x39,
    0x15, 0x1b, 0x36, 0x3a, 0x25, 0x2b, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a,
    0x24, 0x2c, 0x58, 0x45, 0x4b, 0x34, 0x3c, 0x03, 0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d,
    0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d, 0x68, 0x02, 0x67, 0x69, 0x12, 0x1e, 0x66, 0x6a, 0x22, 0x2e,
    0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e, 0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f,
    0x64, 0x6c, 0x42, 0x4e, 0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b, 0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e,
    0x00, 0x74, 0x7c, 0x41, 0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d, 0x51, 0x5f, 0x40, 0x72,
    0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70
  };

  private final Vp8lBits bits;
  private final Deadline deadline;
  private int tableEntries;
  private boolean alphaUsed;

  private Vp8lDecoder(Vp8lBits bits, Deadline deadline) {
    this.bits = bits;
    this.deadline = deadline;
  }

  /** The pixels of a picture. */
  @SuppressWarnings("ArrayRecordComponent") // Private to the decoder, never compared.
  record Pixels(int width, int height, int[] argb, boolean alphaUsed) {}

  /** Width and height that a chunk declares. */
  static int[] size(byte[] file, int start, int length) throws RejectedPictureException {
    if (length < 5 || Bytes.u8(file, start) != SIGNATURE) {
      throw new RejectedPictureException("WEBP lossless picture without its signature");
    }
    int packed = Bytes.little32(file, start + 1);
    if (packed >>> 29 != 0) {
      throw new RejectedPictureException("WEBP lossless picture of an unknown version");
    }
    return new int[] {(packed & 0x3FFF) + 1, ((packed >>> 14) & 0x3FFF) + 1};
  }

  /** Decodes a whole VP8L chunk. */
  static Pixels decode(byte[] file, int start, int length, Deadline deadline)
      throws RejectedPictureException {
    int[] size = size(file, start, length);
    Vp8lDecoder decoder = new Vp8lDecoder(new Vp8lBits(file, start + 1, length - 1), deadline);
    decoder.bits.read(14);
    decoder.bits.read(14);
    decoder.alphaUsed = decoder.bits.flag();
    decoder.bits.read(3);
    int[] argb = decoder.transformed(size[0], size[1]);
    return new Pixels(size[0], size[1], argb, decoder.alphaUsed);
  }

  /** Decodes a stream without header, as an alpha chunk holds it. */
  static int[] decodeHeaderless(
      byte[] file, int start, int length, int width, int height, Deadline deadline)
      throws RejectedPictureException {
    return new Vp8lDecoder(new Vp8lBits(file, start, length), deadline).transformed(width, height);
  }

  private int[] transformed(int width, int height) throws RejectedPictureException {
    Vp8lTransform[] transforms = new Vp8lTransform[4];
    int count = 0;
    int seen = 0;
    int codedWidth = width;
    while (bits.flag()) {
      int type = bits.read(2);
      if ((seen & (1 << type)) != 0) {
        throw new RejectedPictureException("WEBP data is damaged: a transform occurs twice");
      }
      seen |= 1 << type;
      Vp8lTransform transform = transform(type, codedWidth, height);
      transforms[count++] = transform;
      codedWidth = transform.codedWidth(codedWidth);
    }
    int[] argb = pixels(codedWidth, height, true);
    while (count > 0) {
      Vp8lTransform transform = transforms[--count];
      argb = transform.undo(argb, height);
    }
    return argb;
  }

  private Vp8lTransform transform(int type, int width, int height) throws RejectedPictureException {
    switch (type) {
      case 0, 1 -> {
        int blockBits = bits.read(3) + 2;
        int[] data = pixels(blocks(width, blockBits), blocks(height, blockBits), false);
        return type == 0
            ? new Vp8lTransform.Predictor(width, blockBits, data)
            : new Vp8lTransform.CrossColour(width, blockBits, data);
      }
      case 2 -> {
        return new Vp8lTransform.SubtractGreen(width);
      }
      default -> {
        int colours = bits.read(8) + 1;
        int[] palette = pixels(colours, 1, false);
        for (int i = 1; i < colours; i++) {
          palette[i] = Vp8lTransform.add(palette[i], palette[i - 1]);
        }
        int packing = colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0;
        return new Vp8lTransform.Palette(width, packing, palette);
      }
    }
  }

  private static int blocks(int size, int blockBits) {
    return (size + (1 << blockBits) - 1) >> blockBits;
  }

  /** An entropy-coded image; only the main one may choose among several groups of codes. */
  private int[] pixels(int width, int height, boolean main) throws RejectedPictureException {
    int cacheBits = 0;
    if (bits.flag()) {
      cacheBits = bits.read(4);
      if (cacheBits < 1 || cacheBits > MAX_CACHE_BITS) {
        throw new RejectedPictureException(
            "WEBP data is damaged: colour cache of %d bits".formatted(cacheBits));
      }
    }
    int groupBits = 0;
    int[] groupOf = null;
    int groups = 1;
    if (main && bits.flag()) {
      groupBits = bits.read(3) + 2;
      groupOf = pixels(blocks(width, groupBits), blocks(height, groupBits), false);
      for (int i = 0; i < groupOf.length; i++) {
        groupOf[i] = (groupOf[i] >> 8) & 0xFFFF;
        groups = Math.max(groups, groupOf[i] + 1);
      }
    }
    Vp8lCode[] codes = codes(groups, groupOf, cacheBits);
    checkOverrun();
    return decodePixels(width, height, cacheBits, groupBits, groupOf, codes);
  }

  private Vp8lCode[] codes(int groups, int[] groupOf, int cacheBits)
      throws RejectedPictureException {
    boolean[] used = new boolean[groups];
    if (groupOf == null) {
      used[0] = true;
    } else {
      for (int group : groupOf) {
        used[group] = true;
      }
    }
    int green = 256 + LENGTH_CODES + (cacheBits > 0 ? 1 << cacheBits : 0);
    byte[] lengths = new byte[green];
    Vp8lCode[] codes = new Vp8lCode[5 * groups];
    for (int i = 0; i < codes.length; i++) {
      int symbols = i % 5 == 0 ? green : i % 5 == 4 ? DISTANCE_CODES : 256;
      Vp8lCode code = code(symbols, lengths);
      if (used[i / 5]) {
        codes[i] = code;
        tableEntries += code.size();
        if (tableEntries > MAX_TABLE_ENTRIES) {
          throw new RejectedPictureException("WEBP with too many code tables");
        }
      }
      if ((i & 255) == 0) {
        checkOverrun();
        deadline.spend(256L * green);
      }
    }
    return codes;
  }

  private Vp8lCode code(int symbols, byte[] lengths) throws RejectedPictureException {
    if (bits.flag()) {
      boolean two = bits.flag();
      int first = bits.read(bits.flag() ? 8 : 1);
      if (!two) {
        return Vp8lCode.single(checkedSymbol(first, symbols));
      }
      int second = checkedSymbol(bits.read(8), symbols);
      Arrays.fill(lengths, 0, symbols, (byte) 0);
      lengths[checkedSymbol(first, symbols)] = 1;
      lengths[second] = 1;
      return Vp8lCode.of(lengths, symbols);
    }
    byte[] codeLengths = new byte[19];
    int count = 4 + bits.read(4);
    for (int i = 0; i < count; i++) {
      codeLengths[LENGTH_ORDER[i]] = (byte) bits.read(3);
    }
    Vp8lCode lengthCode = Vp8lCode.of(codeLengths, 19);
    int codesLeft = symbols;
    if (bits.flag()) {
      int width = 2 + 2 * bits.read(3);
      codesLeft = 2 + bits.read(width);
      if (codesLeft > symbols) {
        throw new RejectedPictureException("WEBP data is damaged: too many code lengths");
      }
    }
    readLengths(lengthCode, codesLeft, symbols, lengths);
    return Vp8lCode.of(lengths, symbols);
  }

  private void readLengths(Vp8lCode lengthCode, int codes, int symbols, byte[] lengths)
      throws RejectedPictureException {
    Arrays.fill(lengths, 0, symbols, (byte) 0);
    byte previous = 8;
    int symbol = 0;
    for (int left = codes; left > 0 && symbol < symbols; left--) {
      int length = lengthCode.symbol(bits);
      if (length < 16) {
        lengths[symbol++] = (byte) length;
        previous = length == 0 ? previous : (byte) length;
        continue;
      }
      int repeat =
          switch (length) {
            case 16 -> 3 + bits.read(2);
            case 17 -> 3 + bits.read(3);
            default -> 11 + bits.read(7);
          };
      if (symbol + repeat > symbols) {
        throw new RejectedPictureException("WEBP data is damaged: too many code lengths");
      }
      Arrays.fill(lengths, symbol, symbol + repeat, length == 16 ? previous : 0);
      symbol += repeat;
    }
  }

  private static int checkedSymbol(int symbol, int symbols) throws RejectedPictureException {
    if (symbol >= symbols) {
      throw new RejectedPictureException(
          "WEBP data is damaged: symbol %d of a code of %d".formatted(symbol, symbols));
    }
    return symbol;
  }

  private int[] decodePixels(
      int width, int height, int cacheBits, int groupBits, int[] groupOf, Vp8lCode[] codes)
      throws RejectedPictureException {
    int[] argb = new int[Math.multiplyExact(width, height)];
    int[] cache = cacheBits > 0 ? new int[1 << cacheBits] : null;
    int groupsWide = blocks(width, groupBits);
    int group = 0;
    int at = 0;
    int x = 0;
    int y = 0;
    while (at < argb.length) {
      if (groupOf != null) {
        group = 5 * groupOf[(y >> groupBits) * groupsWide + (x >> groupBits)];
      }
      int symbol = codes[group].symbol(bits);
      int count = 1;
      if (symbol < 256) {
        int red = codes[group + 1].symbol(bits);
        int blue = codes[group + 2].symbol(bits);
        int alpha = codes[group + 3].symbol(bits);
        argb[at] = (alpha << 24) | (red << 16) | (symbol << 8) | blue;
      } else if (symbol < 256 + LENGTH_CODES) {
        count = extended(symbol - 256);
        int distance = distance(extended(codes[group + 4].symbol(bits)), width);
        if (distance > at || count > argb.length - at) {
          throw new RejectedPictureException("WEBP data is damaged: a copy from outside");
        }
        for (int i = at; i < at + count; i++) {
          argb[i] = argb[i - distance];
        }
      } else {
        argb[at] = cache[symbol - 256 - LENGTH_CODES];
      }
      if (cache != null) {
        for (int i = at; i < at + count; i++) {
          cache[(argb[i] * 0x1E35A7BD) >>> (32 - cacheBits)] = argb[i];
        }
      }
      at += count;
      x += count;
      while (x >= width) {
        x -= width;
        y++;
        if ((y & 15) == 0) {
          checkOverrun();
          deadline.spend(16L * width);
        }
      }
    }
    checkOverrun();
    return argb;
  }

  private int extended(int prefix) {
    if (prefix < 4) {
      return prefix + 1;
    }
    int extra = (prefix - 2) >> 1;
    return ((2 + (prefix & 1)) << extra) + bits.read(extra) + 1;
  }

  private static int distance(int code, int width) {
    if (code > NEAR.length) {
      return code - NEAR.length;
    }
    int near = NEAR[code - 1];
    return Math.max(1, (near >> 4) * width + 8 - (near & 15));
  }

  private void checkOverrun() throws RejectedPictureException {
    if (bits.overrun()) {
      throw new RejectedPictureException("WEBP data ends before the last pixel");
    }
  }
}
