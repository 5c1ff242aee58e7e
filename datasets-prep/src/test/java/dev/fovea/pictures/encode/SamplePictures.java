package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;
import java.util.Random;

/** Pictures from flat to noisy, so that all filters, predictors and repetitions occur. */
final class SamplePictures {
  private SamplePictures() {}

  /** What is in a picture. */
  enum Kind {
    GREY(true, false, false),
    RGB(false, false, false),
    GREY_ALPHA(true, true, false),
    RGBA(false, true, false),
    GREY_16(true, false, true),
    RGB_16(false, false, true),
    GREY_ALPHA_16(true, true, true),
    RGBA_16(false, true, true);

    private final boolean grey;
    private final boolean alpha;
    private final boolean wide;

    Kind(boolean grey, boolean alpha, boolean wide) {
      this.grey = grey;
      this.alpha = alpha;
      this.wide = wide;
    }
  }

  static Picture random(int width, int height, Kind kind, Random random) {
    int variety = 1 << random.nextInt(8);
    Samples colours = samples(width * height * (kind.grey ? 1 : 3), kind.wide, variety, random);
    Optional<Samples> plane =
        kind.alpha
            ? Optional.of(samples(width * height, kind.wide, variety, random))
            : Optional.empty();
    return new Picture(width, height, kind.grey, colours, plane, Metadata.NONE);
  }

  private static Samples samples(int count, boolean wide, int variety, Random random) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (random.nextInt(variety) * 3 + i / 7);
    }
    if (!wide) {
      return new Samples.Bytes(bytes);
    }
    short[] words = new short[count];
    for (int i = 0; i < count; i++) {
      words[i] = (short) (bytes[i] * 257 + random.nextInt(3));
    }
    return new Samples.Words(words);
  }
}
