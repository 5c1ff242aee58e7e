package dev.fovea.pictures.decode;

/** VP8's loop filter over a whole frame (RFC 6386, section 15). */
final class Vp8LoopFilter {
  private final Vp8Frame frame;
  private final Vp8Header header;
  private final byte[] levels;
  private final boolean[] inner;

  /** Of the macroblock at hand. */
  private int edgeLimit;

  private int interiorLimit;
  private int highVariance;

  Vp8LoopFilter(Vp8Frame frame, Vp8Header header, byte[] levels, boolean[] inner) {
    this.frame = frame;
    this.header = header;
    this.levels = levels;
    this.inner = inner;
  }

  void apply() {
    int index = 0;
    for (int my = 0; my < frame.macroblocksHigh; my++) {
      for (int mx = 0; mx < frame.macroblocksWide; mx++, index++) {
        int level = levels[index];
        if (level > 0) {
          chooseLimits(level);
          if (header.simpleFilter) {
            simple(mx, my, inner[index]);
          } else {
            normal(mx, my, inner[index]);
          }
        }
      }
    }
  }

  private void chooseLimits(int level) {
    int interior = level;
    if (header.sharpness > 0) {
      interior >>= header.sharpness > 4 ? 2 : 1;
      interior = Math.min(interior, 9 - header.sharpness);
    }
    interiorLimit = Math.max(1, interior);
    edgeLimit = 2 * level + interiorLimit;
    highVariance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
  }

  private void simple(int mx, int my, boolean innerEdges) {
    int at = frame.yAt(16 * mx, 16 * my);
    int stride = frame.yStride;
    if (mx > 0) {
      simpleEdge(at, 1, stride, 2 * (edgeLimit + 4) + 1);
    }
    for (int i = 4; innerEdges && i < 16; i += 4) {
      simpleEdge(at + i, 1, stride, 2 * edgeLimit + 1);
    }
    if (my > 0) {
      simpleEdge(at, stride, 1, 2 * (edgeLimit + 4) + 1);
    }
    for (int i = 4; innerEdges && i < 16; i += 4) {
      simpleEdge(at + i * stride, stride, 1, 2 * edgeLimit + 1);
    }
  }

  /**
   * @param across from a sample to the next over the edge
   * @param along from a sample to the next along it
   */
  private void simpleEdge(int at, int across, int along, int limit) {
    byte[] p = frame.y;
    for (int i = 0, k = at; i < 16; i++, k += along) {
      int p1 = p[k - 2 * across] & 0xFF;
      int p0 = p[k - across] & 0xFF;
      int q0 = p[k] & 0xFF;
      int q1 = p[k + across] & 0xFF;
      if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) <= limit) {
        adjustTwo(p, k, across, p1, p0, q0, q1);
      }
    }
  }

  private void normal(int mx, int my, boolean innerEdges) {
    int y = frame.yAt(16 * mx, 16 * my);
    int uv = frame.uvAt(8 * mx, 8 * my);
    int ys = frame.yStride;
    int cs = frame.uvStride;
    if (mx > 0) {
      edge(frame.y, y, 1, ys, 16, true);
      edge(frame.u, uv, 1, cs, 8, true);
      edge(frame.v, uv, 1, cs, 8, true);
    }
    if (innerEdges) {
      for (int i = 4; i < 16; i += 4) {
        edge(frame.y, y + i, 1, ys, 16, false);
      }
      edge(frame.u, uv + 4, 1, cs, 8, false);
      edge(frame.v, uv + 4, 1, cs, 8, false);
    }
    if (my > 0) {
      edge(frame.y, y, ys, 1, 16, true);
      edge(frame.u, uv, cs, 1, 8, true);
      edge(frame.v, uv, cs, 1, 8, true);
    }
    if (innerEdges) {
      for (int i = 4; i < 16; i += 4) {
        edge(frame.y, y + i * ys, ys, 1, 16, false);
      }
      edge(frame.u, uv + 4 * cs, cs, 1, 8, false);
      edge(frame.v, uv + 4 * cs, cs, 1, 8, false);
    }
  }

  private void edge(byte[] p, int at, int s, int along, int length, boolean macroblockEdge) {
    int limit = 2 * (macroblockEdge ? edgeLimit + 4 : edgeLimit) + 1;
    int interior = interiorLimit;
    for (int i = 0, k = at; i < length; i++, k += along) {
      int p3 = p[k - 4 * s] & 0xFF;
      int p2 = p[k - 3 * s] & 0xFF;
      int p1 = p[k - 2 * s] & 0xFF;
      int p0 = p[k - s] & 0xFF;
      int q0 = p[k] & 0xFF;
      int q1 = p[k + s] & 0xFF;
      int q2 = p[k + 2 * s] & 0xFF;
      int q3 = p[k + 3 * s] & 0xFF;
      boolean smooth =
          4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) <= limit
              && Math.abs(p3 - p2) <= interior
              && Math.abs(p2 - p1) <= interior
              && Math.abs(p1 - p0) <= interior
              && Math.abs(q3 - q2) <= interior
              && Math.abs(q2 - q1) <= interior
              && Math.abs(q1 - q0) <= interior;
      if (!smooth) {
        continue;
      }
      if (Math.abs(p1 - p0) > highVariance || Math.abs(q1 - q0) > highVariance) {
        adjustTwo(p, k, s, p1, p0, q0, q1);
      } else if (macroblockEdge) {
        int a = clampSigned(3 * (q0 - p0) + clampSigned(p1 - q1));
        int a1 = (27 * a + 63) >> 7;
        int a2 = (18 * a + 63) >> 7;
        int a3 = (9 * a + 63) >> 7;
        p[k - 3 * s] = clamp(p2 + a3);
        p[k - 2 * s] = clamp(p1 + a2);
        p[k - s] = clamp(p0 + a1);
        p[k] = clamp(q0 - a1);
        p[k + s] = clamp(q1 - a2);
        p[k + 2 * s] = clamp(q2 - a3);
      } else {
        int a = 3 * (q0 - p0);
        int a1 = clampSmall((a + 4) >> 3);
        int a2 = clampSmall((a + 3) >> 3);
        int a3 = (a1 + 1) >> 1;
        p[k - 2 * s] = clamp(p1 + a3);
        p[k - s] = clamp(p0 + a2);
        p[k] = clamp(q0 - a1);
        p[k + s] = clamp(q1 - a3);
      }
    }
  }

  private static void adjustTwo(byte[] p, int k, int s, int p1, int p0, int q0, int q1) {
    int a = 3 * (q0 - p0) + clampSigned(p1 - q1);
    p[k - s] = clamp(p0 + clampSmall((a + 3) >> 3));
    p[k] = clamp(q0 - clampSmall((a + 4) >> 3));
  }

  private static int clampSigned(int value) {
    return Math.max(-128, Math.min(127, value));
  }

  private static int clampSmall(int value) {
    return Math.max(-16, Math.min(15, value));
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
