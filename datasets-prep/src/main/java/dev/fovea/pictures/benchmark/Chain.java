package dev.fovea.pictures.benchmark;

import dev.fovea.pictures.pairs.CropMode;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.pairs.Flips;
import dev.fovea.pictures.pairs.PairSettings;
import java.util.Optional;

/** What is done to each picture while throughput is measured. */
public enum Chain {
  /** The whole picture is decoded, and nothing else. */
  DECODE,
  /**
   * The reference implementation's: a random area of 0.08 to 1 resized to 256, mirrored, jittered
   * by 0.1 in four ways, and shrunk to 64.
   */
  REFERENCE,
  /** A square of 192 as it is, in eight mirrorings, and its 8-bit bicubic quarter. */
  NATIVE;

  /** How pairs are made, where the chain makes any. */
  public Optional<PairSettings> settings() {
    return switch (this) {
      case DECODE -> Optional.empty();
      case REFERENCE ->
          Optional.of(
              new PairSettings(
                  256,
                  4,
                  CropMode.RESIZED,
                  Downscaler.BILINEAR,
                  0.1,
                  0.1,
                  0.1,
                  0.1,
                  Flips.HORIZONTAL));
      case NATIVE ->
          Optional.of(
              new PairSettings(192, 4, CropMode.NATIVE, Downscaler.BICUBIC, 0, 0, 0, 0, Flips.ALL));
    };
  }
}
