package dev.fovea.jobs.evaluation.measure;

import java.io.Serializable;
import java.util.List;

/**
 * How near a prediction is to its original; larger is nearer in all three.
 *
 * @param psnr peak signal-to-noise ratio in dB, at most {@link #PSNR_CEILING}
 * @param ssim structural similarity, -1 to 1
 * @param vif pixel-domain visual information fidelity, 0 or more; 1 for equal pictures
 */
public record Scores(double psnr, double ssim, double vif) implements Serializable {
  /**
   * What the infinite PSNR of a picture that equals its original counts as, in dB. 8-bit pictures
   * that differ at all rarely reach it, and a mean with an infinity in it says nothing.
   */
  public static final double PSNR_CEILING = 100;

  /**
   * @throws IllegalArgumentException if a figure is not a finite number
   */
  public Scores {
    psnr = Math.min(psnr, PSNR_CEILING);
    if (!Double.isFinite(psnr) || !Double.isFinite(ssim) || !Double.isFinite(vif)) {
      throw new IllegalArgumentException(
          "figures psnr %s, ssim %s, vif %s are not all finite".formatted(psnr, ssim, vif));
    }
  }

  /**
   * The mean of each figure, summed in the list's order.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  public static Scores mean(List<Scores> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("there are no scores to take the mean of");
    }
    double psnr = 0;
    double ssim = 0;
    double vif = 0;
    for (Scores each : scores) {
      psnr += each.psnr;
      ssim += each.ssim;
      vif += each.vif;
    }
    return new Scores(psnr / scores.size(), ssim / scores.size(), vif / scores.size());
  }
}
