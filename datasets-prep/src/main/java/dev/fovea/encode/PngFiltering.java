package dev.fovea.encode;

/** How rows of PNG are filtered before they are compressed. */
public enum PngFiltering {
  /** Each row by the filter with the smallest sum of absolute differences: smallest files. */
  ADAPTIVE,
  /** Each row as its difference from the row above: several times faster, somewhat larger files. */
  UP
}
