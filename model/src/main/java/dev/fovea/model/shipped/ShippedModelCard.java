package dev.fovea.model.shipped;

import java.util.List;
import java.util.Map;

/**
 * What is known about a shipped model, as its {@code card.json} says it.
 *
 * @param version of this format, 1
 * @param size {@code quality} or {@code fast}
 * @param trainedBy who trained it, with which program and on which machine
 * @param program the program that trained it
 * @param step optimiser steps taken
 * @param minutes minutes of training
 * @param settings the settings of the training, by the names of Fovea's options
 * @param data the pictures it was trained on
 * @param terms the terms under which these may be used
 * @param quality what {@code evaluate} measured
 */
public record ShippedModelCard(
    int version,
    String size,
    String trainedBy,
    String program,
    long step,
    double minutes,
    Map<String, String> settings,
    String data,
    String terms,
    List<Quality> quality) {
  /** The only version that is read. */
  static final int VERSION = 1;

  /**
   * The mean figures of a data set.
   *
   * @param dataset its name
   * @param protocol {@code y} or {@code rgb}
   * @param psnr in dB
   * @param ssim at most 1
   * @param vif 0 or more
   */
  public record Quality(String dataset, String protocol, double psnr, double ssim, double vif) {}

  /**
   * @throws IllegalArgumentException if the version is not {@value #VERSION}
   */
  public ShippedModelCard {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "version is %d, this program reads version %d".formatted(version, VERSION));
    }
    settings = Map.copyOf(settings);
    quality = List.copyOf(quality);
  }
}
