package dev.fovea.jobs.training.averaging;

import java.util.Locale;

/** What an optimiser step trains. */
public enum Phase {
  /** The upscaler, by its distance to the originals. */
  RECONSTRUCTION,
  /** The critic alone, while the upscaler stands still. */
  WARM_UP,
  /** The critic, and then the upscaler by its distance to the originals and by the critic. */
  ADVERSARIAL;

  /** Its name in descriptors and events. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The phase of a name.
   *
   * @throws IllegalArgumentException naming the value
   */
  public static Phase of(String id) {
    for (Phase phase : values()) {
      if (phase.id().equals(id)) {
        return phase;
      }
    }
    throw new IllegalArgumentException("'%s' is not a phase of training".formatted(id));
  }
}
