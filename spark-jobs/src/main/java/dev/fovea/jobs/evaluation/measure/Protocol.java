package dev.fovea.jobs.evaluation.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a prediction is compared with its original. In both, the original is cropped to a multiple of
 * the upscale ratio r, the low resolution is made by MATLAB's bicubic {@code imresize} and rounded
 * to 8 bit, and so is the prediction.
 */
public enum Protocol {
  /**
   * The literature's: PSNR, SSIM and VIF on Y of BT.601 (16 to 235), the grey value of a
   * one-channel picture being Y as it is; r pixels of border are cut on each side.
   */
  Y,
  /** All channels, no border cut. */
  RGB;

  /** The spelling used in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Pixels cut on each side before comparing. */
  public int border(int upscaleRatio) {
    return this == Y ? upscaleRatio : 0;
  }

  /**
   * Finds a protocol by its spelling.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static Protocol of(String id) {
    for (Protocol candidate : values()) {
      if (candidate.id().equals(id)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "protocol '%s' is not one of %s"
            .formatted(
                id, Arrays.stream(values()).map(Protocol::id).collect(Collectors.joining(", "))));
  }
}
