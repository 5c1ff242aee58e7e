package dev.fovea.pictures.pairs;

/** How the high-resolution side of a pair is cut out of a picture. */
public enum CropMode {
  /** A random square as it is: no resampling before the network sees it. */
  NATIVE,
  /**
   * torchvision's {@code RandomResizedCrop}: a random rectangle of 0.08 to 1 of the area and 3/4 to
   * 4/3 of aspect, resized to the target. Enlarges where the rectangle is smaller than the target.
   */
  RESIZED
}
