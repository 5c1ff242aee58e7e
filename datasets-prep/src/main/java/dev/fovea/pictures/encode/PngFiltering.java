package dev.fovea.pictures.encode;

/** How rows of PNG are filtered before they are compressed. */
public enum PngFiltering {
  /** Each row by the filter with the smallest sum of absolute differences: smallest files. */
  ADAPTIVE,
  /**
   * By the best of the three filters that cost next to nothing (the difference from the left, from
   * above, from the mean of both), which every eighth row chooses for those below it: several times
   * faster, and for smooth pictures hardly larger.
   */
  FAST
}
