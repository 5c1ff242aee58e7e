package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.upscaling.single.BandedPicture;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.encode.PictureLayout;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.RejectedPictureException;

/** How much heap a picture in work takes, roughly and from above, and how much there is. */
final class HeapNeed {
  static final HeapBudget BUDGET = HeapBudget.ofHeap(0.5);

  /** Of a decoded pixel and its decoder. */
  private static final int LOW_BYTES = 6;

  /** Of an output's pixel where its format is read back whole. */
  private static final int READ_BACK_BYTES = 5;

  private static final int BANDS = 3;

  private HeapNeed() {}

  /** Before anything but the header is known. */
  static long of(PictureHeader header, long fileBytes, TaskSetup setup) {
    int ratio = setup.upscaleRatio();
    int longest = Math.max(header.width(), header.height()); // It may have to be turned.
    long bands = BANDS * BandedPicture.bandBytes(longest, header.height(), 3, 8, ratio);
    long need = fileBytes + LOW_BYTES * header.pixels() + Math.min(bands, 3 * bands(header, ratio));
    if (setup.format().kind() == OutputFormat.Kind.PNG) {
      return need;
    }
    return need + Math.max(whole(header, setup), readBack(header.pixels(), setup));
  }

  private static long bands(PictureHeader header, int ratio) {
    return 3 * header.pixels() * ratio * ratio;
  }

  private static long whole(PictureHeader header, TaskSetup setup) {
    int ratio = setup.upscaleRatio();
    long width = (long) header.width() * ratio;
    long height = (long) header.height() * ratio;
    if (Math.max(width, height) > Integer.MAX_VALUE / 16) {
      return 0; // It will be refused.
    }
    PictureLayout layout =
        new PictureLayout((int) width, (int) height, 8, false, false, Metadata.NONE);
    return setup.format().encoding().memoryBytes(layout);
  }

  /** Of reading an output back, where that takes the whole of it. */
  static long readBack(long lowPixels, TaskSetup setup) {
    return setup.format().kind() == OutputFormat.Kind.PNG
        ? 0
        : READ_BACK_BYTES * lowPixels * setup.upscaleRatio() * setup.upscaleRatio();
  }

  /**
   * @throws RejectedPictureException if the format wants the whole picture and the heap cannot hold
   *     it
   */
  static void require(PictureLayout layout, OutputFormat format) throws RejectedPictureException {
    long bytes = format.encoding().memoryBytes(layout);
    if (bytes > BUDGET.total()) {
      throw new RejectedPictureException(
          "writing %dx%d pixels as %s takes about %d MiB, of which there are %d"
              .formatted(
                  layout.width(),
                  layout.height(),
                  format.extension(),
                  bytes >> 20,
                  BUDGET.total() >> 20));
    }
  }
}
