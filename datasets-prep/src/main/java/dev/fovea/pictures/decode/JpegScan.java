package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** Visits the blocks of one scan in file order. */
final class JpegScan {
  private final JpegFrame frame;
  private final int[] chosen;
  private final JpegScanData data;
  private final JpegBits bits;
  private final int restartInterval;
  private final Deadline deadline;
  private boolean endsEarlyAllowed;
  private boolean endedEarly;
  private int segment = -1;
  private int unitsLeft;

  /**
   * @param chosen indices of the frame's colours that the scan holds
   * @param restartInterval units between restart markers, 0 for none
   */
  JpegScan(
      JpegFrame frame, int[] chosen, JpegScanData data, int restartInterval, Deadline deadline) {
    this.frame = frame;
    this.chosen = chosen;
    this.data = data;
    this.bits = new JpegBits(data.data());
    this.restartInterval = restartInterval;
    this.deadline = deadline;
  }

  /** What is done with each block. */
  private interface Visit {
    void block(JpegComponent component, int blockX, int blockY) throws RejectedPictureException;
  }

  /** Decodes a scan of all colours and transforms at once the blocks that the region needs. */
  void transform(JpegOutput output, Region region, JpegScale scale)
      throws RejectedPictureException {
    int[] block = new int[64];
    int unitHeight = scale.blockSize() * frame.vMax;
    // One row of units more than the region covers, for interpolation at its lower edge.
    int rows = Math.min(frame.unitsHigh, (region.bottom() + unitHeight - 1) / unitHeight + 1);
    for (int row = 0; row < rows; row++) {
      deadline.spend(frame.unitRowSamples());
      for (int column = 0; column < frame.unitsWide; column++) {
        beginUnit(null);
        for (int c : chosen) {
          JpegComponent component = frame.components[c];
          JpegPlane plane = output.plane(c);
          for (int i = 0; i < component.v; i++) {
            int blockY = row * component.v + i;
            boolean rowWanted = plane.wantsRow(blockY);
            for (int j = 0; j < component.h; j++) {
              int blockX = column * component.h + j;
              if (!rowWanted || !plane.wantsColumn(blockX)) {
                JpegSequential.skip(bits, component);
              } else if (plane.wantsMeans()) {
                JpegSequential.skip(bits, component);
                block[0] = component.prediction * component.quantisation[0];
                plane.transform(block, 0, blockX, blockY);
              } else {
                int occupied =
                    JpegSequential.decode(bits, component, component.quantisation, block);
                plane.transform(block, occupied, blockX, blockY);
              }
            }
          }
        }
      }
      checkOverrun();
      output.unitsDone(row);
    }
    checkEnd(rows == frame.unitsHigh);
  }

  /** Decodes a sequential scan into the stored coefficients. */
  void sequential() throws RejectedPictureException {
    int[] unit = new int[64];
    java.util.Arrays.fill(unit, 1);
    int[] block = new int[64];
    visit(
        null,
        (component, x, y) -> {
          JpegSequential.decode(bits, component, unit, block);
          int to = 64 * (y * component.paddedBlocksWide + x);
          for (int i = 0; i < 64; i++) {
            component.coefficients[to + i] = (short) block[i];
          }
        });
  }

  /**
   * Decodes a progressive scan into the stored coefficients.
   *
   * @return whether it was complete; only a scan of detail (AC) may end early, as old versions of
   *     Photoshop wrote them
   */
  boolean progressive(JpegProgressive pass) throws RejectedPictureException {
    endsEarlyAllowed = !pass.dc();
    visit(
        pass,
        (component, x, y) ->
            pass.decode(bits, component, 64 * (y * component.paddedBlocksWide + x)));
    return !endedEarly;
  }

  private void visit(JpegProgressive pass, Visit visit) throws RejectedPictureException {
    if (chosen.length == 1) {
      JpegComponent component = frame.components[chosen[0]];
      for (int y = 0; y < component.blocksHigh; y++) {
        deadline.spend(64L * component.blocksWide);
        for (int x = 0; x < component.blocksWide; x++) {
          beginUnit(pass);
          visit.block(component, x, y);
        }
        checkOverrun();
      }
    } else {
      for (int row = 0; row < frame.unitsHigh; row++) {
        deadline.spend(frame.unitRowSamples());
        for (int column = 0; column < frame.unitsWide; column++) {
          beginUnit(pass);
          for (int c : chosen) {
            JpegComponent component = frame.components[c];
            for (int i = 0; i < component.v; i++) {
              for (int j = 0; j < component.h; j++) {
                visit.block(component, column * component.h + j, row * component.v + i);
              }
            }
          }
        }
        checkOverrun();
      }
    }
    checkEnd(true);
  }

  private void beginUnit(JpegProgressive pass) throws RejectedPictureException {
    if (unitsLeft > 0) {
      unitsLeft--;
      return;
    }
    if (segment >= 0) {
      checkOverrun();
    }
    segment++;
    if (segment >= data.segments()) {
      throw new RejectedPictureException("JPEG data is damaged: a restart marker is missing");
    }
    bits.start(data.start(segment), data.end(segment));
    unitsLeft = restartInterval == 0 ? Integer.MAX_VALUE : restartInterval - 1;
    for (int c : chosen) {
      frame.components[c].prediction = 0;
    }
    if (pass != null) {
      pass.restart();
    }
  }

  private void checkEnd(boolean wholeScan) throws RejectedPictureException {
    checkOverrun();
    if (wholeScan && segment + 1 < data.segments()) {
      // A trailing marker after the last unit is harmless; missing units were noticed above.
      int rest = data.segments() - segment - 1;
      if (rest > 1 || data.end(segment + 1) > data.start(segment + 1)) {
        throw new RejectedPictureException("JPEG data is damaged: more restart markers than units");
      }
    }
  }

  private void checkOverrun() throws RejectedPictureException {
    if (!bits.overrun()) {
      return;
    }
    if (!endsEarlyAllowed) {
      throw new RejectedPictureException("JPEG data ends before its last block");
    }
    endedEarly = true;
  }
}
