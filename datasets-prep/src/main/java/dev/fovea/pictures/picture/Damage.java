package dev.fovea.pictures.picture;

/** What becomes of a file that is damaged or cut off. */
public enum Damage {
  /** It is rejected: what is missing must not be taught to a network, or counted in a measure. */
  REJECT,
  /**
   * As much of it is taken as viewers show, with a note: files without their end marker, pieces
   * with a wrong checksum, frames beyond their canvas, which is enlarged. Where a part of the
   * picture is missing, that part is grey (JPEG), black (PNG) or transparent (GIF, PNG with alpha).
   */
  REPAIR
}
