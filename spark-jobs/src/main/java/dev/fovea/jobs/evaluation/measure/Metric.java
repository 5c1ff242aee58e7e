package dev.fovea.jobs.evaluation.measure;

import java.util.Locale;

/** One of the figures of {@link Scores}; larger is better in all of them. */
public enum Metric {
  PSNR,
  SSIM,
  VIF;

  /** The spelling used in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public double of(Scores scores) {
    return switch (this) {
      case PSNR -> scores.psnr();
      case SSIM -> scores.ssim();
      case VIF -> scores.vif();
    };
  }
}
