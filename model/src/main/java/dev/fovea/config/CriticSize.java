package dev.fovea.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The critics of the reference, which differ in the number of blocks of their four stages. */
public enum CriticSize {
  /** 23,483,521 parameters. */
  SMALL(3, 4, 6, 3),
  /** 42,453,889 parameters. */
  MEDIUM(3, 4, 23, 3),
  /** 58,078,337 parameters. */
  LARGE(3, 8, 36, 3);

  private final CriticConfig config;

  CriticSize(Integer... blocks) {
    config = new CriticConfig(64, List.of(blocks));
  }

  /** The shape of the critic of this size. */
  public CriticConfig config() {
    return config;
  }

  /** The spelling used in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a size by its spelling.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static CriticSize of(String id) {
    for (CriticSize candidate : values()) {
      if (candidate.id().equals(id)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "critic model size '%s' is not one of %s"
            .formatted(
                id, Arrays.stream(values()).map(CriticSize::id).collect(Collectors.joining(", "))));
  }
}
