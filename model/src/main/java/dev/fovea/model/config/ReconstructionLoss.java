package dev.fovea.model.config;

/** How the distance between prediction and target is measured; both are means over all samples. */
public enum ReconstructionLoss {
  /** Mean squared error, the reference's. */
  MSE,
  /** Mean absolute error. */
  L1
}
