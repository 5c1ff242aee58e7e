package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.Arrays;

/** Decodes the lossy bitstream of WebP: a VP8 key frame (RFC 6386) into planes. */
final class Vp8Decoder {
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

  /** The band of probabilities of each coefficient, one more for what follows the last. */
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};

  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /** Leaves are negated modes; others the next node. */
  private static final int[] SUBBLOCK_TREE = {
    -Vp8Prediction.DC,
    1,
    -Vp8Prediction.TRUE_MOTION,
    2,
    -Vp8Prediction.VERTICAL,
    3,
    4,
    6,
    -Vp8Prediction.HORIZONTAL,
    5,
    -Vp8Prediction.RIGHT_DOWN,
    -Vp8Prediction.VERTICAL_RIGHT,
    -Vp8Prediction.LEFT_DOWN,
    7,
    -Vp8Prediction.VERTICAL_LEFT,
    8,
    -Vp8Prediction.HORIZONTAL_DOWN,
    -Vp8Prediction.HORIZONTAL_UP
  };

  private static final int COLOURS = 256;

  private final Vp8Header header;
  private final Vp8Frame frame;
  private final Deadline deadline;
  private final byte[] filterLevels;
  private final boolean[] filterInner;

  /** Modes of the subblocks above (four a macroblock) and to the left. */
  private final byte[] modesAbove;

  private final byte[] modesLeft = new byte[4];

  /**
   * Whether the blocks above had coefficients, nine a macroblock: four of luma, two of each chroma,
   * one of means.
   */
  private final byte[] filledAbove;

  private final byte[] filledLeft = new byte[9];
  private final byte[] modes = new byte[16];
  private final int[] coefficients = new int[24 * 16];
  private final boolean[] filled = new boolean[24];
  private final int[] means = new int[16];
  private final int[] edge = new int[13];

  private Vp8Decoder(Vp8Header header, Deadline deadline) {
    this.header = header;
    this.deadline = deadline;
    frame = new Vp8Frame(header.width, header.height);
    int macroblocks = frame.macroblocksWide * frame.macroblocksHigh;
    filterLevels = new byte[macroblocks];
    filterInner = new boolean[macroblocks];
    modesAbove = new byte[4 * frame.macroblocksWide];
    filledAbove = new byte[9 * frame.macroblocksWide];
  }

  /** Decodes a VP8 chunk. */
  static Vp8Frame decode(byte[] file, int start, int length, Deadline deadline)
      throws RejectedPictureException {
    Vp8Header header = new Vp8Header(file, start, length);
    long macroblocks = ((header.width + 15L) >> 4) * ((header.height + 15L) >> 4);
    if (macroblocks > 8L * length) { // The modes of each take more than a bit.
      throw new RejectedPictureException(
          "WEBP declares %dx%d pixels, which do not fit into its %d bytes"
              .formatted(header.width, header.height, length));
    }
    return new Vp8Decoder(header, deadline).decode();
  }

  private Vp8Frame decode() throws RejectedPictureException {
    for (int my = 0; my < frame.macroblocksHigh; my++) {
      Vp8Bool tokens = header.partitions[my & (header.partitions.length - 1)];
      Arrays.fill(modesLeft, (byte) 0);
      Arrays.fill(filledLeft, (byte) 0);
      for (int mx = 0; mx < frame.macroblocksWide; mx++) {
        macroblock(mx, my, tokens);
      }
      deadline.spend(256L * frame.macroblocksWide);
      if (header.modes.overrun() || tokens.overrun()) {
        throw new RejectedPictureException("WEBP data ends before the last pixel");
      }
    }
    new Vp8LoopFilter(frame, header, filterLevels, filterInner).apply();
    return frame;
  }

  private void macroblock(int mx, int my, Vp8Bool tokens) {
    Vp8Bool in = header.modes;
    int segment = 0;
    if (header.segmentMap) {
      int[] p = header.segmentProbabilities;
      segment = in.bit(p[0]) == 0 ? in.bit(p[1]) : 2 + in.bit(p[2]);
    }
    boolean skip = header.skipProbability >= 0 && in.bit(header.skipProbability) == 1;
    int lumaMode = lumaMode(mx);
    boolean subblocks = lumaMode < 0;
    int chromaMode = Vp8Prediction.DC;
    if (in.bit(142) == 1) {
      chromaMode =
          in.bit(114) == 0
              ? Vp8Prediction.VERTICAL
              : in.bit(183) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    }
    boolean any = false;
    if (skip) {
      Arrays.fill(filled, false);
      int kept = subblocks ? 8 : 9; // 4x4 macroblocks say nothing about the block of means.
      Arrays.fill(filledAbove, 9 * mx, 9 * mx + kept, (byte) 0);
      Arrays.fill(filledLeft, 0, kept, (byte) 0);
    } else {
      any = residuals(tokens, mx, header.steps[segment], subblocks);
    }
    reconstruct(mx, my, lumaMode, chromaMode);
    int index = my * frame.macroblocksWide + mx;
    filterLevels[index] = (byte) header.filterLevels[segment][subblocks ? 1 : 0];
    filterInner[index] = subblocks || any;
  }

  /** The mode of the whole block, or -1 where {@link #modes} holds those of the subblocks. */
  private int lumaMode(int mx) {
    Vp8Bool in = header.modes;
    if (in.bit(145) == 1) {
      int mode =
          in.bit(156) == 1
              ? in.bit(128) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL
              : in.bit(163) == 1 ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
      Arrays.fill(modesAbove, 4 * mx, 4 * mx + 4, (byte) mode);
      Arrays.fill(modesLeft, (byte) mode);
      return mode;
    }
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int table = 9 * (10 * modesAbove[4 * mx + x] + modesLeft[y]);
        int node = 0;
        do {
          node = SUBBLOCK_TREE[2 * node + in.bit(Vp8Tables.SUBBLOCK_MODES[table + node] & 0xFF)];
        } while (node > 0);
        byte mode = (byte) -node;
        modes[4 * y + x] = mode;
        modesAbove[4 * mx + x] = mode;
        modesLeft[y] = mode;
      }
    }
    return -1;
  }

  /** Reads a macroblock's coefficients; whether any is not zero. */
  private boolean residuals(Vp8Bool in, int mx, int[] steps, boolean subblocks) {
    Arrays.fill(coefficients, 0);
    int above = 9 * mx;
    int first = 0;
    int type = 3;
    if (!subblocks) {
      Arrays.fill(means, 0);
      int context = filledAbove[above + 8] + filledLeft[8];
      int count = block(in, 1, context, steps[2], steps[3], 0, means, 0);
      filledAbove[above + 8] = filledLeft[8] = (byte) (count > 0 ? 1 : 0);
      Vp8Prediction.means(means, coefficients);
      first = 1;
      type = 0;
    }
    boolean any = false;
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int block = 4 * y + x;
        int context = filledAbove[above + x] + filledLeft[y];
        int count = block(in, type, context, steps[0], steps[1], first, coefficients, 16 * block);
        filledAbove[above + x] = filledLeft[y] = (byte) (count > first ? 1 : 0);
        filled[block] = count > first || coefficients[16 * block] != 0;
        any |= filled[block];
      }
    }
    for (int plane = 0; plane < 2; plane++) {
      for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 2; x++) {
          int block = 16 + 4 * plane + 2 * y + x;
          int top = above + 4 + 2 * plane + x;
          int left = 4 + 2 * plane + y;
          int context = filledAbove[top] + filledLeft[left];
          int count = block(in, 2, context, steps[4], steps[5], 0, coefficients, 16 * block);
          filledAbove[top] = filledLeft[left] = (byte) (count > 0 ? 1 : 0);
          filled[block] = count > 0;
          any |= filled[block];
        }
      }
    }
    return any;
  }

  /** Reads one block; the index after its last coefficient. */
  private int block(
      Vp8Bool in, int type, int context, int dcStep, int acStep, int first, int[] to, int at) {
    byte[] p = header.probabilities;
    int table = probabilities(type, first, context);
    int n = first;
    while (n < 16) {
      if (in.bit(p[table] & 0xFF) == 0) {
        return n;
      }
      while (in.bit(p[table + 1] & 0xFF) == 0) {
        n++;
        if (n == 16) {
          return 16;
        }
        table = probabilities(type, n, 0);
      }
      int value = 1;
      int next = 1;
      if (in.bit(p[table + 2] & 0xFF) == 1) {
        value = large(in, table);
        next = 2;
      }
      value = in.bit(128) == 1 ? -value : value;
      to[at + ZIGZAG[n]] = (short) (value * (n == 0 ? dcStep : acStep)); // libwebp's width
      n++;
      table = probabilities(type, n, next);
    }
    return 16;
  }

  private static int probabilities(int type, int n, int context) {
    return 11 * (3 * (8 * type + BANDS[n]) + context);
  }

  private int large(Vp8Bool in, int table) {
    byte[] p = header.probabilities;
    if (in.bit(p[table + 3] & 0xFF) == 0) {
      return in.bit(p[table + 4] & 0xFF) == 0 ? 2 : 3 + in.bit(p[table + 5] & 0xFF);
    }
    if (in.bit(p[table + 6] & 0xFF) == 0) {
      if (in.bit(p[table + 7] & 0xFF) == 0) {
        return 5 + in.bit(159);
      }
      int high = in.bit(165);
      return 7 + 2 * high + in.bit(145);
    }
    int high = in.bit(p[table + 8] & 0xFF);
    int category = 2 * high + in.bit(p[table + 9 + high] & 0xFF);
    int value = 0;
    for (int probability : LARGE[category]) {
      value = 2 * value + in.bit(probability);
    }
    return value + 3 + (8 << category);
  }

  private void reconstruct(int mx, int my, int lumaMode, int chromaMode) {
    int at = frame.yAt(16 * mx, 16 * my);
    if (lumaMode >= 0) {
      Vp8Prediction.block(lumaMode, frame.y, at, frame.yStride, 16, my > 0, mx > 0);
    }
    for (int block = 0; block < 16; block++) {
      int to = at + (block >> 2) * 4 * frame.yStride + 4 * (block & 3);
      if (lumaMode < 0) {
        readEdge(mx, my, block, at, to);
        Vp8Prediction.subblock(modes[block], edge, frame.y, to, frame.yStride);
      }
      if (filled[block]) {
        Vp8Prediction.addTransform(coefficients, 16 * block, frame.y, to, frame.yStride);
      }
    }
    int uv = frame.uvAt(8 * mx, 8 * my);
    for (int plane = 0; plane < 2; plane++) {
      byte[] samples = plane == 0 ? frame.u : frame.v;
      Vp8Prediction.block(chromaMode, samples, uv, frame.uvStride, 8, my > 0, mx > 0);
      for (int i = 0; i < 4; i++) {
        int block = 16 + 4 * plane + i;
        if (filled[block]) {
          int to = uv + (i >> 1) * 4 * frame.uvStride + 4 * (i & 1);
          Vp8Prediction.addTransform(coefficients, 16 * block, samples, to, frame.uvStride);
        }
      }
    }
  }

  /** The samples around a subblock; see {@link Vp8Prediction#subblock}. */
  private void readEdge(int mx, int my, int block, int macroblock, int at) {
    byte[] y = frame.y;
    int stride = frame.yStride;
    for (int i = 0; i < 4; i++) {
      edge[3 - i] = y[at + i * stride - 1] & 0xFF;
      edge[5 + i] = y[at - stride + i] & 0xFF;
    }
    edge[4] = y[at - stride - 1] & 0xFF;
    if ((block & 3) < 3) {
      for (int i = 0; i < 4; i++) {
        edge[9 + i] = y[at - stride + 4 + i] & 0xFF;
      }
      return;
    }
    // The last column of subblocks looks at the macroblock above to the right, in all four rows.
    boolean atRight = mx + 1 == frame.macroblocksWide;
    for (int i = 0; i < 4; i++) {
      int above = macroblock - stride + 16 + i;
      if (my == 0) {
        edge[9 + i] = 127;
      } else {
        edge[9 + i] = y[atRight ? macroblock - stride + 15 : above] & 0xFF;
      }
    }
  }

  /**
   * Converts planes to RGB as libwebp does (BT.601, limited range), chroma interpolated 9:3:3:1.
   */
  static byte[] toRgb(Vp8Frame frame, int width, int height) {
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int chromaWidth = (width + 1) >> 1;
    int chromaHeight = (height + 1) >> 1;
    int[] u = new int[width];
    int[] v = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int near = y >> 1;
      int far = Math.max(0, Math.min(chromaHeight - 1, (y & 1) == 1 ? near + 1 : near - 1));
      widen(frame.u, frame.uvAt(0, near), frame.uvAt(0, far), chromaWidth, u);
      widen(frame.v, frame.uvAt(0, near), frame.uvAt(0, far), chromaWidth, v);
      int from = frame.yAt(0, y);
      for (int x = 0; x < width; x++, to += 3) {
        int luma = ((frame.y[from + x] & 0xFF) * 19077) >> 8;
        rgb[to] = clamp6(luma + ((v[x] * 26149) >> 8) - 14234);
        rgb[to + 1] = clamp6(luma - ((u[x] * 6419) >> 8) - ((v[x] * 13320) >> 8) + 8708);
        rgb[to + 2] = clamp6(luma + ((u[x] * 33050) >> 8) - 17685);
      }
    }
    return rgb;
  }

  private static void widen(byte[] plane, int near, int far, int chromaWidth, int[] row) {
    for (int x = 0; x < row.length; x++) {
      int c = x >> 1;
      int other = (x & 1) == 1 ? c + 1 : c - 1;
      int n = plane[near + c] & 0xFF;
      int vertical = plane[far + c] & 0xFF;
      if (other < 0 || other >= chromaWidth) {
        row[x] = (3 * n + vertical + 2) >> 2;
        continue;
      }
      int horizontal = plane[near + other] & 0xFF;
      int diagonal = plane[far + other] & 0xFF;
      row[x] = (((n + 3 * horizontal + 3 * vertical + diagonal + 8) >> 3) + n) >> 1;
    }
  }

  /** Clamps a number with 6 bits of fraction. */
  private static byte clamp6(int value) {
    return (byte) (value < 0 ? 0 : value >= COLOURS << 6 ? 255 : value >> 6);
  }
}
