package dev.fovea.pictures.picture;

import static org.assertj.core.api.Assertions.assertThat;

/** How far planes and pictures are apart. */
public final class Differences {
  private Differences() {}

  /** The largest absolute difference. */
  public static double largest(Planes a, Planes b) {
    assertThat(a.channels()).isEqualTo(b.channels());
    assertThat(a.height()).isEqualTo(b.height());
    assertThat(a.width()).isEqualTo(b.width());
    double largest = 0;
    for (int i = 0; i < a.samples().length; i++) {
      largest = Math.max(largest, Math.abs(a.samples()[i] - b.samples()[i]));
    }
    return largest;
  }

  /** PSNR in dB over all samples, infinite where they are equal. */
  public static double psnr(Planes a, Planes b) {
    double sum = 0;
    for (int i = 0; i < a.samples().length; i++) {
      double difference = a.samples()[i] - b.samples()[i];
      sum += difference * difference;
    }
    return 10 * Math.log10(a.samples().length / sum);
  }

  /** Fails unless both have the same size, samples, alpha, profile and EXIF block. */
  public static void assertSame(Picture actual, Picture expected) {
    assertThat(actual.width()).isEqualTo(expected.width());
    assertThat(actual.height()).isEqualTo(expected.height());
    assertThat(actual.grey()).isEqualTo(expected.grey());
    assertSame(actual.samples(), expected.samples());
    assertThat(actual.alpha().isPresent()).isEqualTo(expected.alpha().isPresent());
    expected.alpha().ifPresent(alpha -> assertSame(actual.alpha().orElseThrow(), alpha));
    assertThat(actual.icc().orElse(null)).isEqualTo(expected.icc().orElse(null));
    assertThat(actual.exif().orElse(null)).isEqualTo(expected.exif().orElse(null));
  }

  private static void assertSame(Samples actual, Samples expected) {
    if (expected instanceof Samples.Bytes bytes) {
      assertThat(((Samples.Bytes) actual).values()).isEqualTo(bytes.values());
    } else {
      assertThat(((Samples.Words) actual).values()).isEqualTo(((Samples.Words) expected).values());
    }
  }
}
