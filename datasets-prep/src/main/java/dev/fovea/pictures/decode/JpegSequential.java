package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.Arrays;

/** Entropy decoding of baseline and extended sequential blocks. */
final class JpegSequential {
  /** Natural index by zigzag index, with room for runs that a damaged file takes past the end. */
  static final int[] NATURAL = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, //
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, //
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, //
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  private JpegSequential() {}

  /**
   * Decodes one block.
   *
   * @param quantisation what coefficients are multiplied by, in zigzag order
   * @param block receives the coefficients in natural order
   * @return the natural indices of all coefficients that were stored, or-ed: 0 where there is only
   *     the mean, bit 2 clear where columns 4 to 7 are empty, bit 5 where rows 4 to 7 are
   */
  static int decode(JpegBits in, JpegComponent component, int[] quantisation, int[] block)
      throws RejectedPictureException {
    Arrays.fill(block, 0);
    block[0] = dc(in, component) * quantisation[0];
    JpegHuffman table = component.acTable;
    short[] lookup = table.lookup;
    int[] coefficients = table.coefficients();
    long buffer = in.buffer;
    int count = in.count;
    int at = in.at;
    int occupied = 0;
    for (int k = 1; k < 64; k++) {
      buffer |= in.next64(at) >>> count;
      at += (63 - count) >>> 3;
      count |= 56;
      int fast = coefficients[(int) (buffer >>> (64 - JpegHuffman.COEFFICIENT_BITS))];
      int value;
      if (fast != 0) {
        k += (fast >> 8) & 15;
        value = fast >> 16;
        buffer <<= fast;
        count -= fast & 0xFF;
      } else {
        int entry = lookup[(int) (buffer >>> (64 - JpegHuffman.LOOKAHEAD))];
        if (entry == 0) {
          entry = table.longCode((int) (buffer >>> 48));
        }
        buffer <<= entry >> 8;
        count -= entry >> 8;
        int size = entry & 15;
        int run = (entry >> 4) & 15;
        if (size == 0) {
          if (run != 15) {
            break;
          }
          k += 15;
          continue;
        }
        k += run;
        value = JpegHuffman.extend((int) (buffer >>> (64 - size)), size);
        buffer <<= size;
        count -= size;
      }
      if (k > 63) {
        throw new RejectedPictureException("JPEG data is damaged: more than 64 coefficients");
      }
      int natural = NATURAL[k];
      block[natural] = value * quantisation[k];
      occupied |= natural;
    }
    in.buffer = buffer;
    in.count = count;
    in.at = at;
    return occupied;
  }

  /** Reads past one block whose samples are not wanted. */
  static void skip(JpegBits in, JpegComponent component) throws RejectedPictureException {
    dc(in, component);
    JpegHuffman table = component.acTable;
    int[] skips = table.skips();
    long buffer = in.buffer;
    int count = in.count;
    int at = in.at;
    int k = 1;
    while (k < 64) {
      buffer |= in.next64(at) >>> count;
      at += (63 - count) >>> 3;
      count |= 56;
      int entry = skips[(int) (buffer >>> (64 - JpegHuffman.SKIP_BITS))];
      int after = k + (entry >> 16);
      boolean end = JpegHuffman.isEnd(entry);
      // Codes beyond the 64th coefficient would be those of the next block.
      if (entry != 0 && after <= (end ? 63 : 64)) {
        buffer <<= entry;
        count -= entry & 0xFF;
        k = end ? 64 : after;
        continue;
      }
      int symbol = table.lookup[(int) (buffer >>> (64 - JpegHuffman.LOOKAHEAD))];
      if (symbol == 0) {
        symbol = table.longCode((int) (buffer >>> 48));
      }
      int size = symbol & 15;
      int run = (symbol >> 4) & 15;
      int used = (symbol >> 8) + size;
      buffer <<= used;
      count -= used;
      k = size == 0 && run != 15 ? 64 : k + run + 1;
    }
    in.buffer = buffer;
    in.count = count;
    in.at = at;
  }

  private static int dc(JpegBits in, JpegComponent component) throws RejectedPictureException {
    int size = component.dcTable.symbol(in);
    if (size > 15) {
      throw new RejectedPictureException("JPEG data is damaged: impossible DC difference");
    }
    if (size > 0) {
      in.fill();
      component.prediction += JpegHuffman.extend(in.take(size), size);
    }
    return component.prediction;
  }
}
