package dev.fovea.pictures.pairs;

/** Which mirrorings of a crop are equally likely. */
public enum Flips {
  /** As it is or mirrored left to right. */
  HORIZONTAL,
  /** All eight combinations of mirroring left to right, top to bottom, and transposing. */
  ALL
}
