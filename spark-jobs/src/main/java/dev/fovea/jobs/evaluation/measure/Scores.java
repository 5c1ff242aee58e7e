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
   * What stands for the infinite PSNR of a picture that equals its original, in dB. 8-bit pictures
   * that differ at all rarely reach it.
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

  /** Whether the picture equals its original, so that its PSNR is infinite. */
  boolean equal() {
    return psnr == PSNR_CEILING;
  }

  /**
   * The mean of each figure, summed in the list's order. The mean of PSNR is over those that differ
   * from their originals, as the others have none; {@link #PSNR_CEILING} where all are equal.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  public static Scores mean(List<Scores> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("there are no scores to take the mean of");
    }
    double psnr = 0;
    int different = 0;
    double ssim = 0;
    double vif = 0;
    for (Scores each : scores) {
      if (!each.equal()) {
        psnr += each.psnr;
        different++;
      }
      ssim += each.ssim;
      vif += each.vif;
    }
    double meanPsnr = different == 0 ? PSNR_CEILING : psnr / different;
    return new Scores(meanPsnr, ssim / scores.size(), vif / scores.size());
  }
}
