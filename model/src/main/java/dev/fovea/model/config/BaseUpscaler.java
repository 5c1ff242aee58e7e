package dev.fovea.model.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The interpolation whose result the network's residual is added to, as PyTorch's {@code
 * Upsample(align_corners=False)}: no antialiasing, edges clamped, bicubic with a = -0.75.
 */
public enum BaseUpscaler {
  BILINEAR,
  BICUBIC;

  /** The spelling used in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a base upscaler by its spelling.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static BaseUpscaler of(String id) {
    for (BaseUpscaler candidate : values()) {
      if (candidate.id().equals(id)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "base upscaler '%s' is not one of %s"
            .formatted(
                id,
                Arrays.stream(values()).map(BaseUpscaler::id).collect(Collectors.joining(", "))));
  }
}
