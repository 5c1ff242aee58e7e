package dev.fovea.model.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The critics of the reference, which differ in the number of blocks of their four stages. */
public enum CriticSize {
  /** 3, 4, 6 and 3 blocks; 23,483,521 parameters. */
  SMALL,
  /** 3, 4, 23 and 3 blocks; 42,453,889 parameters. */
  MEDIUM,
  /** 3, 8, 36 and 3 blocks; 58,078,337 parameters. */
  LARGE;

  private static final int CHANNELS = 64;

  /** The shape of the critic of this size. */
  public CriticConfig config() {
    List<Integer> blocks =
        switch (this) {
          case SMALL -> List.of(3, 4, 6, 3);
          case MEDIUM -> List.of(3, 4, 23, 3);
          case LARGE -> List.of(3, 8, 36, 3);
        };
    return new CriticConfig(CHANNELS, blocks);
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
