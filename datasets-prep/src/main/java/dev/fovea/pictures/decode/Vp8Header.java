package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** The header of a VP8 key frame (RFC 6386, section 9). */
final class Vp8Header {
  private static final int FRAME_BYTES = 10;
  private static final int START_CODE = 0x2A019D;

  final int width;
  final int height;
  final boolean segmented;
  final boolean segmentMap;
  final int[] segmentProbabilities = {255, 255, 255};
  final boolean simpleFilter;
  final int sharpness;

  /** The coefficient probabilities: [4][8][3][11]. */
  final byte[] probabilities = Vp8Tables.COEFFICIENTS.clone();

  /** The probability that a macroblock has coefficients, or -1 where all say so themselves. */
  final int skipProbability;

  /** Of each segment: y1 dc, y1 ac, y2 dc, y2 ac, uv dc, uv ac. */
  final int[][] steps = new int[4][];

  /** Of each segment, without and with 4x4 modes: the loop filter's level. */
  final int[][] filterLevels = new int[4][2];

  /** Where the modes of the macroblocks are read on. */
  final Vp8Bool modes;

  /** The partitions of coefficients, row by row in turn. */
  final Vp8Bool[] partitions;

  private final int[] segmentQuantisers = new int[4];
  private final int[] segmentFilters = new int[4];
  private boolean absoluteSegments;

  /** Width and height that a chunk declares. */
  static int[] size(byte[] file, int start, int length) throws RejectedPictureException {
    if (length < FRAME_BYTES || Bytes.little24(file, start + 3) != START_CODE) {
      throw new RejectedPictureException("WEBP lossy picture without its start code");
    }
    if ((file[start] & 1) != 0) {
      throw new RejectedPictureException("WEBP lossy picture is not a key frame");
    }
    return new int[] {
      Bytes.little16(file, start + 6) & 0x3FFF, Bytes.little16(file, start + 8) & 0x3FFF
    };
  }

  Vp8Header(byte[] file, int start, int length) throws RejectedPictureException {
    int[] size = size(file, start, length);
    width = size[0];
    height = size[1];
    int tag = Bytes.little24(file, start);
    int firstLength = tag >> 5;
    if (firstLength > length - FRAME_BYTES) {
      throw new RejectedPictureException("WEBP data ends inside its first partition");
    }
    int first = start + FRAME_BYTES;
    modes = new Vp8Bool(file, first, firstLength);
    modes.flag(); // Colour space: there is one.
    modes.flag(); // Clamping: done always.
    segmented = modes.flag();
    segmentMap = segmented && readSegments();
    simpleFilter = modes.flag();
    int filterLevel = modes.number(6);
    sharpness = modes.number(3);
    int[] deltas = readFilterDeltas();
    partitions = partitions(file, first + firstLength, start + length, 1 << modes.number(2));
    readQuantisers();
    modes.flag(); // Whether probabilities are kept for a next frame.
    for (int i = 0; i < probabilities.length; i++) {
      if (modes.bit(Vp8Tables.COEFFICIENT_UPDATES[i] & 0xFF) == 1) {
        probabilities[i] = (byte) modes.number(8);
      }
    }
    skipProbability = modes.flag() ? modes.number(8) : -1;
    // A frame of level 0 is not filtered, whatever its segments and deltas say.
    for (int segment = 0; filterLevel > 0 && segment < 4; segment++) {
      int level = filterLevel;
      if (segmented) {
        level = segmentFilters[segment] + (absoluteSegments ? 0 : level);
      }
      filterLevels[segment][0] = Math.max(0, Math.min(63, level + deltas[0]));
      filterLevels[segment][1] = Math.max(0, Math.min(63, level + deltas[0] + deltas[1]));
    }
  }

  /** Whether macroblocks name their segment. */
  private boolean readSegments() {
    boolean map = modes.flag();
    if (modes.flag()) {
      absoluteSegments = modes.flag();
      for (int i = 0; i < 4; i++) {
        segmentQuantisers[i] = modes.optional(7);
      }
      for (int i = 0; i < 4; i++) {
        segmentFilters[i] = modes.optional(6);
      }
    }
    if (map) {
      for (int i = 0; i < 3; i++) {
        segmentProbabilities[i] = modes.flag() ? modes.number(8) : 255;
      }
    }
    return map;
  }

  /** What key frames and 4x4 modes add to the filter level. */
  private int[] readFilterDeltas() {
    int[] deltas = new int[2];
    boolean enabled = modes.flag();
    if (enabled && modes.flag()) {
      for (int i = 0; i < 8; i++) {
        int delta = modes.optional(6);
        if (i == 0) {
          deltas[0] = delta;
        } else if (i == 4) {
          deltas[1] = delta;
        }
      }
    }
    return deltas;
  }

  private static Vp8Bool[] partitions(byte[] file, int start, int end, int count)
      throws RejectedPictureException {
    Vp8Bool[] partitions = new Vp8Bool[count];
    int at = start + 3 * (count - 1);
    if (at > end) {
      throw new RejectedPictureException("WEBP data ends before its partitions");
    }
    for (int i = 0; i < count; i++) {
      int length = i + 1 < count ? Bytes.little24(file, start + 3 * i) : end - at;
      if (length > end - at) {
        throw new RejectedPictureException("WEBP data ends inside partition %d".formatted(i + 1));
      }
      partitions[i] = new Vp8Bool(file, at, length);
      at += length;
    }
    return partitions;
  }

  private void readQuantisers() {
    int base = modes.number(7);
    int y1Dc = modes.optional(4);
    int y2Dc = modes.optional(4);
    int y2Ac = modes.optional(4);
    int uvDc = modes.optional(4);
    int uvAc = modes.optional(4);
    for (int segment = 0; segment < 4; segment++) {
      int q = base;
      if (segmented) {
        q = segmentQuantisers[segment] + (absoluteSegments ? 0 : base);
      }
      steps[segment] =
          new int[] {
            Vp8Tables.dcStep(q + y1Dc),
            Vp8Tables.acStep(q),
            2 * Vp8Tables.dcStep(q + y2Dc),
            Math.max(8, (Vp8Tables.acStep(q + y2Ac) * 101581) >> 16),
            Vp8Tables.dcStep(Math.min(117, q + uvDc)),
            Vp8Tables.acStep(q + uvAc)
          };
    }
  }
}
