package dev.fovea.pictures.picture;

/** What decoding does with a picture's colour space. */
public enum ColourPolicy {
  /**
   * Converts to sRGB and drops the profile and PNG's colour chunks. For training and evaluation.
   */
  SRGB,
  /**
   * Keeps RGB and grey samples as stored together with their ICC profile or colour chunks. For
   * archives. CMYK is converted to sRGB under either policy, since a picture here is RGB or grey.
   */
  KEEP
}
