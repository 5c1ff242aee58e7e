package dev.fovea.jobs.evaluation.measure;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.concurrent.Semaphore;

/**
 * How many pixels this process evaluates at once, so that a folder of panoramas takes longer and
 * does not run out of memory. Counted in units of 2^16 pixels.
 */
final class PixelBudget {
  /** Heap per pixel: the pictures, a baseline in floats and the metrics' windows; a rough bound. */
  private static final long BYTES_PER_PIXEL = 120;

  private static final long PIXELS_PER_UNIT = 1 << 16;
  private static final int UNITS =
      (int) Math.min(1 << 20, heap() / 4 * 3 / (BYTES_PER_PIXEL * PIXELS_PER_UNIT));
  private static final Semaphore FREE = new Semaphore(UNITS, true);

  private PixelBudget() {}

  /**
   * Waits until the pixels can be held beside those of others.
   *
   * @return the units taken, to be given back
   * @throws RejectedPictureException if they cannot be held at all
   */
  static int take(long pixels) throws RejectedPictureException, InterruptedException {
    long units = pixels / PIXELS_PER_UNIT + 1;
    if (units > UNITS) {
      throw new RejectedPictureException(
          "scoring its %d pixels takes about %d MiB; the heap has %d MiB"
              .formatted(pixels, (pixels * BYTES_PER_PIXEL) >> 20, heap() >> 20));
    }
    FREE.acquire((int) units);
    return (int) units;
  }

  private static long heap() {
    return Runtime.getRuntime().maxMemory();
  }

  /** Gives back what was taken. */
  static void giveBack(int units) {
    FREE.release(units);
  }
}
