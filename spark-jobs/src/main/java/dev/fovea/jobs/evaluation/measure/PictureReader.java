package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.jobs.upscaling.single.PictureFile;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads originals and their low resolutions. Safe for use by several threads. */
final class PictureReader {
  /** Heap per pixel: the pictures, a baseline in floats and the metrics' windows; a rough bound. */
  private static final long SCORING_BYTES = 120;

  private static final HeapBudget HEAP = HeapBudget.ofHeap(0.75);

  private final Configuration hadoop;
  private final Limits limits;

  PictureReader(Configuration hadoop, Limits limits) {
    this.hadoop = hadoop;
    this.limits = limits;
  }

  /**
   * What a model is given and what its result is compared with: 8 bits, without alpha.
   *
   * @param original with sides that are multiples of the ratio
   * @param low that many times smaller
   */
  record Pair(Picture original, Picture low) {}

  byte[] bytes(Dataset.File file) throws IOException {
    return PictureFile.read(hadoop, new Path(file.path()), limits);
  }

  /**
   * Waits until the picture can be scored beside those of others, so that a folder of panoramas
   * takes longer and does not run out of memory.
   *
   * @throws RejectedPictureException if it cannot be scored at all
   */
  static HeapBudget.Held room(byte[] bytes) throws RejectedPictureException, InterruptedException {
    long pixels = PictureHeader.read(bytes).pixels();
    if (pixels > HEAP.total() / SCORING_BYTES) {
      throw new RejectedPictureException(
          "scoring its %d pixels takes about %d MiB; the heap has %d MiB"
              .formatted(
                  pixels, (pixels * SCORING_BYTES) >> 20, Runtime.getRuntime().maxMemory() >> 20));
    }
    return HEAP.take(pixels * SCORING_BYTES);
  }

  /** Alpha has no place in a comparison of colours. */
  Picture opaque(byte[] bytes) throws RejectedPictureException {
    Picture picture =
        PictureDecoder.decode(bytes, limits, ColourPolicy.SRGB).picture().toEightBit();
    return Picture.plain(picture.width(), picture.height(), picture.grey(), picture.samples());
  }

  /**
   * The picture cropped to a multiple of the ratio, and its low resolution as it is given or made.
   *
   * @throws RejectedPictureException if the picture is too small, or if what is given does not fit
   */
  Pair pair(Dataset.File file, Picture picture, int ratio) throws IOException {
    if (picture.width() < ratio || picture.height() < ratio) {
      throw new RejectedPictureException(
          "%dx%d pixels cannot be made %d times smaller"
              .formatted(picture.width(), picture.height(), ratio));
    }
    Picture original = Bicubic.croppedToMultiple(picture, ratio);
    String given = file.low().get(ratio);
    if (given == null) {
      return new Pair(original, Bicubic.downscaled(original, ratio));
    }
    if (given.isEmpty()) {
      throw new RejectedPictureException("there is no low resolution of it at x" + ratio);
    }
    Picture low = opaque(PictureFile.read(hadoop, new Path(given), limits));
    int width = original.width() / ratio;
    int height = original.height() / ratio;
    if (low.width() != width || low.height() != height) {
      throw new RejectedPictureException(
          "its low resolution at x%d has %dx%d pixels instead of %dx%d"
              .formatted(ratio, low.width(), low.height(), width, height));
    }
    return new Pair(original, likeOriginal(low, original.grey(), ratio));
  }

  private static Picture likeOriginal(Picture low, boolean grey, int ratio)
      throws RejectedPictureException {
    if (low.grey() == grey) {
      return low;
    }
    int pixels = low.width() * low.height();
    Samples samples = low.samples();
    byte[] converted = new byte[grey ? pixels : 3 * pixels];
    for (int i = 0; i < pixels; i++) {
      if (!grey) {
        converted[3 * i] = (byte) samples.at(i);
        converted[3 * i + 1] = converted[3 * i];
        converted[3 * i + 2] = converted[3 * i];
        continue;
      }
      int value = samples.at(3 * i);
      if (samples.at(3 * i + 1) != value || samples.at(3 * i + 2) != value) {
        throw new RejectedPictureException(
            "it is grey, and its low resolution at x%d is coloured".formatted(ratio));
      }
      converted[i] = (byte) value;
    }
    return grey
        ? Picture.grey(low.width(), low.height(), converted)
        : Picture.rgb(low.width(), low.height(), converted);
  }
}
