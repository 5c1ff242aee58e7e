package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.Arrays;

/** The entropy-coded data of a scan: byte stuffing removed, cut at the restart markers. */
final class JpegScanData {
  private final byte[] data;
  private int[] ends = new int[8];
  private int segments;
  private final int next;

  /**
   * Reads up to the marker that ends the scan.
   *
   * @param start the first byte after the scan header
   */
  JpegScanData(byte[] file, int start, Damage damage) throws RejectedPictureException {
    byte[] unstuffed = new byte[Math.max(64, Math.min(file.length - start, 1 << 16))];
    int length = 0;
    int from = start;
    int at = start;
    while (true) {
      while (at < file.length && file[at] != -1) {
        at++;
      }
      if (at + 1 >= file.length) {
        if (damage == Damage.REJECT) {
          throw new RejectedPictureException("JPEG ends inside its picture data");
        }
        unstuffed = Arrays.copyOf(unstuffed, length + file.length - from);
        System.arraycopy(file, from, unstuffed, length, file.length - from);
        length = unstuffed.length;
        at = file.length;
        break;
      }
      int marker = file[at + 1] & 0xFF;
      // A fill byte before the marker is kept: Photoshop leaves its last padding unstuffed.
      int run = at - from + (marker == 0 || marker == 0xFF ? 1 : 0);
      if (length + run > unstuffed.length) {
        unstuffed =
            Arrays.copyOf(
                unstuffed, (int) Math.min((long) file.length, 2L * (length + run) + (1 << 16)));
      }
      System.arraycopy(file, from, unstuffed, length, run);
      length += run;
      if (marker == 0xFF) {
        at++;
        from = at;
        continue;
      }
      if (marker != 0 && (marker < 0xD0 || marker > 0xD7)) {
        break;
      }
      if (marker != 0) {
        if (marker != 0xD0 + (segments & 7)) {
          throw new RejectedPictureException("JPEG data is damaged: restart markers out of order");
        }
        addEnd(length);
      }
      at += 2;
      from = at;
    }
    addEnd(length);
    data = unstuffed;
    next = at;
  }

  byte[] data() {
    return data;
  }

  /** Pieces between restart markers. */
  int segments() {
    return segments;
  }

  int start(int segment) {
    return segment == 0 ? 0 : ends[segment - 1];
  }

  int end(int segment) {
    return ends[segment];
  }

  /** Where in the file the marker after the scan stands. */
  int next() {
    return next;
  }

  private void addEnd(int end) {
    if (segments == ends.length) {
      ends = Arrays.copyOf(ends, 2 * segments);
    }
    ends[segments++] = end;
  }
}
