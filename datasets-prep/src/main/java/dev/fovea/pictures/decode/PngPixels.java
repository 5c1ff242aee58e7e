package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Samples;
import java.util.Optional;

/** Collects unfiltered PNG rows as samples of 8 or 16 bits. */
final class PngPixels {
  private final PngHeader header;
  private final byte[] palette;
  private final byte[] transparency;
  private final int colours;
  private final byte[] bytes;
  private final short[] words;
  private final byte[] alphaBytes;
  private final short[] alphaWords;
  private boolean indicesOutside;

  PngPixels(PngHeader header, byte[] palette, byte[] transparency) {
    this.header = header;
    this.palette = palette;
    this.transparency = transparency;
    colours = header.grey() ? 1 : 3;
    int pixels = Math.multiplyExact(header.width(), header.height());
    int samples = Math.multiplyExact(pixels, colours);
    boolean wide = header.depth() == 16;
    boolean alpha = header.alphaChannel() || transparency != null;
    bytes = wide ? null : new byte[samples];
    words = wide ? new short[samples] : null;
    alphaBytes = alpha && !wide ? new byte[pixels] : null;
    alphaWords = alpha && wide ? new short[pixels] : null;
  }

  Samples samples() {
    return bytes != null ? new Samples.Bytes(bytes) : new Samples.Words(words);
  }

  Optional<Samples> alpha() {
    if (alphaBytes != null) {
      return Optional.of(new Samples.Bytes(alphaBytes));
    }
    return alphaWords != null ? Optional.of(new Samples.Words(alphaWords)) : Optional.empty();
  }

  /** Whether a pixel named a palette entry that does not exist. */
  boolean indicesOutside() {
    return indicesOutside;
  }

  /** Puts a row's pixels at columns x, x + step, and so on. */
  void put(byte[] row, int from, int columns, int x, int y, int step) {
    int pixel = y * header.width() + x;
    if (header.palette()) {
      putPalette(row, from, columns, pixel, step);
    } else if (header.depth() == 16) {
      putWords(row, from, columns, pixel, step);
    } else if (header.depth() < 8) {
      putSmallGrey(row, from, columns, pixel, step);
    } else {
      putBytes(row, from, columns, pixel, step);
    }
  }

  private void putBytes(byte[] row, int from, int columns, int pixel, int step) {
    if (step == 1 && alphaBytes == null) {
      System.arraycopy(row, from, bytes, pixel * colours, columns * colours);
      return;
    }
    int at = from;
    int key = transparency == null ? -1 : key8();
    for (int i = 0, to = pixel; i < columns; i++, to += step) {
      int value = 0;
      for (int c = 0; c < colours; c++) {
        value = (value << 8) | (row[at] & 0xFF);
        bytes[to * colours + c] = row[at++];
      }
      if (header.alphaChannel()) {
        alphaBytes[to] = row[at++];
      } else if (alphaBytes != null) {
        alphaBytes[to] = (byte) (value == key ? 0 : 255);
      }
    }
  }

  private void putWords(byte[] row, int from, int columns, int pixel, int step) {
    int at = from;
    for (int i = 0, to = pixel; i < columns; i++, to += step) {
      boolean keyed = transparency != null;
      for (int c = 0; c < colours; c++, at += 2) {
        int value = Bytes.big16(row, at);
        words[to * colours + c] = (short) value;
        keyed = keyed && value == Bytes.big16(transparency, 2 * c);
      }
      if (header.alphaChannel()) {
        alphaWords[to] = (short) Bytes.big16(row, at);
        at += 2;
      } else if (alphaWords != null) {
        alphaWords[to] = (short) (keyed ? 0 : 65535);
      }
    }
  }

  private void putSmallGrey(byte[] row, int from, int columns, int pixel, int step) {
    int scale = 255 / ((1 << header.depth()) - 1);
    int key = transparency == null ? -1 : Bytes.big16(transparency, 0);
    for (int i = 0, to = pixel; i < columns; i++, to += step) {
      int value = packed(row, from, i);
      bytes[to] = (byte) (value * scale);
      if (alphaBytes != null) {
        alphaBytes[to] = (byte) (value == key ? 0 : 255);
      }
    }
  }

  private void putPalette(byte[] row, int from, int columns, int pixel, int step) {
    for (int i = 0, to = pixel; i < columns; i++, to += step) {
      int index = packed(row, from, i);
      if (3 * index + 2 < palette.length) {
        bytes[3 * to] = palette[3 * index];
        bytes[3 * to + 1] = palette[3 * index + 1];
        bytes[3 * to + 2] = palette[3 * index + 2];
      } else {
        indicesOutside = true;
      }
      if (alphaBytes != null) {
        alphaBytes[to] = index < transparency.length ? transparency[index] : (byte) 255;
      }
    }
  }

  private int packed(byte[] row, int from, int i) {
    int depth = header.depth();
    int bit = i * depth;
    return ((row[from + (bit >> 3)] & 0xFF) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }

  /** The transparent colour as the low bytes in a row; 8-bit pictures store it in 16 bits. */
  private int key8() {
    int key = 0;
    for (int c = 0; c < colours; c++) {
      int value = Bytes.big16(transparency, 2 * c);
      if (value > 255) {
        return -1;
      }
      key = (key << 8) | value;
    }
    return key;
  }
}
