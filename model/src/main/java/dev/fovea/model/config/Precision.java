package dev.fovea.model.config;

import java.util.Locale;

/** The number format of an engine's convolutions; weights and optimiser are always fp32. */
public enum Precision {
  /** What the engine measures fastest on the device without visible loss of quality. */
  AUTO,
  FP32,
  BF16;

  /** As options spell it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
