package dev.fovea.picture;

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
}
