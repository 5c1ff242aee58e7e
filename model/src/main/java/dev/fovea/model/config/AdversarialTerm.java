package dev.fovea.model.config;

/**
 * Whether the critic takes part in the upscaler's loss of stage 2: rec / detach(rec) + bce /
 * detach(bce), where rec is the loss of stage 1.
 */
public enum AdversarialTerm {
  /** Both terms. */
  ON,
  /**
   * The first term alone, for a control arm with equal steps and data. The critic goes on learning
   * as an observer, and the upscaler learns nothing from it.
   */
  OFF
}
