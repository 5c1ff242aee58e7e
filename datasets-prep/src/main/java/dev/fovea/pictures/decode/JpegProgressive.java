package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** Entropy decoding of the blocks of progressive scans, straight into the stored coefficients. */
final class JpegProgressive {
  private final int spectralStart;
  private final int spectralEnd;
  private final int low;
  private final boolean refining;

  /** Blocks, this one included, that have no more coefficients in this scan. */
  private int endOfBandRun;

  JpegProgressive(int spectralStart, int spectralEnd, int high, int low) {
    this.spectralStart = spectralStart;
    this.spectralEnd = spectralEnd;
    this.low = low;
    this.refining = high != 0;
  }

  /** Whether this is a scan of the blocks' means. */
  boolean dc() {
    return spectralStart == 0;
  }

  /** Forgets what the last restart segment left. */
  void restart() {
    endOfBandRun = 0;
  }

  /** Decodes what this scan adds to a block of {@code coefficients} from {@code at} on. */
  void decode(JpegBits in, JpegComponent component, int at) throws RejectedPictureException {
    if (spectralStart == 0) {
      dc(in, component, at);
    } else if (refining) {
      refineAc(in, component, at);
    } else {
      firstAc(in, component, at);
    }
  }

  private void dc(JpegBits in, JpegComponent component, int at) throws RejectedPictureException {
    short[] coefficients = component.coefficients;
    if (refining) {
      if (in.bit() == 1) {
        coefficients[at] |= (short) (1 << low);
      }
      return;
    }
    int size = component.dcTable.symbol(in);
    if (size > 15) {
      throw new RejectedPictureException("JPEG data is damaged: impossible DC difference");
    }
    if (size > 0) {
      in.fill();
      component.prediction += JpegHuffman.extend(in.take(size), size);
    }
    coefficients[at] = (short) (component.prediction << low);
  }

  private void firstAc(JpegBits in, JpegComponent component, int at)
      throws RejectedPictureException {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    short[] coefficients = component.coefficients;
    int k = spectralStart;
    while (k <= spectralEnd) {
      int symbol = component.acTable.symbol(in);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (size == 0) {
        if (run < 15) {
          endOfBandRun = endOfBand(in, run) - 1;
          return;
        }
        k += 16;
        continue;
      }
      k += run;
      if (k > spectralEnd) {
        throw new RejectedPictureException("JPEG data is damaged: coefficients beyond the band");
      }
      in.fill();
      int value = JpegHuffman.extend(in.take(size), size);
      coefficients[at + JpegSequential.NATURAL[k]] = (short) (value << low);
      k++;
    }
  }

  private void refineAc(JpegBits in, JpegComponent component, int at)
      throws RejectedPictureException {
    short[] coefficients = component.coefficients;
    int k = spectralStart;
    if (endOfBandRun == 0) {
      while (k <= spectralEnd) {
        int symbol = component.acTable.symbol(in);
        int run = symbol >> 4;
        int size = symbol & 15;
        int fresh = 0;
        if (size == 0) {
          if (run < 15) {
            endOfBandRun = endOfBand(in, run);
            break;
          }
        } else if (size == 1) {
          fresh = in.bit() == 1 ? 1 << low : -(1 << low);
        } else {
          throw new RejectedPictureException("JPEG data is damaged: refinement of many bits");
        }
        // Refine what is there already, and pass over `run` zeros.
        while (k <= spectralEnd) {
          int index = at + JpegSequential.NATURAL[k];
          if (coefficients[index] != 0) {
            refine(in, coefficients, index);
          } else if (run-- == 0) {
            break;
          }
          k++;
        }
        if (fresh != 0) {
          if (k > spectralEnd) {
            throw new RejectedPictureException(
                "JPEG data is damaged: coefficients beyond the band");
          }
          coefficients[at + JpegSequential.NATURAL[k]] = (short) fresh;
        }
        k++;
      }
    }
    if (endOfBandRun > 0) {
      for (; k <= spectralEnd; k++) {
        int index = at + JpegSequential.NATURAL[k];
        if (coefficients[index] != 0) {
          refine(in, coefficients, index);
        }
      }
      endOfBandRun--;
    }
  }

  private void refine(JpegBits in, short[] coefficients, int index) {
    int bit = 1 << low;
    if (in.bit() == 1 && (coefficients[index] & bit) == 0) {
      coefficients[index] += (short) (coefficients[index] > 0 ? bit : -bit);
    }
  }

  private static int endOfBand(JpegBits in, int bits) {
    in.fill();
    return (1 << bits) + in.take(bits);
  }
}
