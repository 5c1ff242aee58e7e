package dev.fovea.pictures.pairs;

/** How the low-resolution side of a pair is made from the high-resolution side. */
public enum Downscaler {
  /** MATLAB's antialiased bicubic on 8-bit samples, rounded to 8 bits: the literature's. */
  BICUBIC,
  /** PyTorch's antialiased bilinear, not rounded: the reference implementation's. */
  BILINEAR
}
