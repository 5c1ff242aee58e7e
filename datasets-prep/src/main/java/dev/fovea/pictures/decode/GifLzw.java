package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** The variable-length LZW codes of a GIF frame. */
final class GifLzw {
  private static final int MAX_CODES = 4096;

  private final byte[] file;
  private final int clearCode;
  private final short[] prefix = new short[MAX_CODES];
  private final byte[] suffix = new byte[MAX_CODES];
  private final byte[] stack = new byte[MAX_CODES + 1];
  private int at;
  private int blockEnd;
  private int buffer;
  private int bits;
  private int codeBits;
  private int nextCode;
  private int previous = -1;
  private int first;
  private int stacked;

  /** Starts at the byte that gives the smallest code's length. */
  GifLzw(byte[] file, int start) throws RejectedPictureException {
    this.file = file;
    int size = start < file.length ? file[start] & 0xFF : 0;
    if (size < 1 || size > 8) {
      throw new RejectedPictureException(
          "GIF frame with codes of %d bits, not 1 to 8".formatted(size));
    }
    clearCode = 1 << size;
    at = start + 1;
    blockEnd = at;
    clear();
  }

  /** Fills a row of colour indices. */
  void read(byte[] row) throws RejectedPictureException {
    int filled = 0;
    while (filled < row.length) {
      while (stacked == 0) {
        decodeCode();
      }
      int count = Math.min(stacked, row.length - filled);
      for (int i = 0; i < count; i++) {
        row[filled++] = stack[--stacked];
      }
    }
  }

  /** Where the sub-block after the one last read begins. */
  int position() {
    return blockEnd;
  }

  private void clear() {
    codeBits = Integer.numberOfTrailingZeros(clearCode) + 1;
    nextCode = clearCode + 2;
    previous = -1;
  }

  private void decodeCode() throws RejectedPictureException {
    int code = code();
    if (code == clearCode) {
      clear();
      return;
    }
    if (code == clearCode + 1) {
      throw new RejectedPictureException("GIF frame ends before its last pixel");
    }
    if (previous < 0) {
      if (code >= clearCode) {
        throw damaged(code);
      }
      first = code;
      previous = code;
      stack[stacked++] = (byte) code;
      return;
    }
    int walk = code;
    if (code >= nextCode) {
      if (code > nextCode || nextCode == MAX_CODES) {
        throw damaged(code);
      }
      stack[stacked++] = (byte) first;
      walk = previous;
    }
    while (walk > clearCode) {
      stack[stacked++] = suffix[walk];
      walk = prefix[walk];
    }
    first = walk;
    stack[stacked++] = (byte) walk;
    if (nextCode < MAX_CODES) {
      prefix[nextCode] = (short) previous;
      suffix[nextCode] = (byte) first;
      nextCode++;
      if (nextCode == 1 << codeBits && codeBits < 12) {
        codeBits++;
      }
    }
    previous = code;
  }

  private int code() throws RejectedPictureException {
    while (bits < codeBits) {
      if (at == blockEnd) {
        int length = at < file.length ? file[at] & 0xFF : 0;
        if (length == 0 || at + 1 + length > file.length) {
          throw new RejectedPictureException("GIF ends inside its first frame");
        }
        at++;
        blockEnd = at + length;
      }
      buffer |= (file[at++] & 0xFF) << bits;
      bits += 8;
    }
    int code = buffer & ((1 << codeBits) - 1);
    buffer >>>= codeBits;
    bits -= codeBits;
    return code;
  }

  private static RejectedPictureException damaged(int code) {
    return new RejectedPictureException(
        "GIF frame is damaged: code %d is not defined".formatted(code));
  }
}
