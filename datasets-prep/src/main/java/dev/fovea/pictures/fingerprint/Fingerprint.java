package dev.fovea.pictures.fingerprint;

import java.util.Optional;

/**
 * What a picture is recognised by.
 *
 * @param name of the file, without its folders; for people only
 * @param sha256 of the file's bytes, 64 hexadecimal digits
 * @param hash of what it shows, absent where it is too flat
 */
public record Fingerprint(String name, String sha256, Optional<PerceptualHash> hash) {
  /** Longer names lose their beginning. */
  private static final int LONGEST_NAME = 80;

  /**
   * @throws IllegalArgumentException if the SHA-256 is none
   */
  public Fingerprint {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "SHA-256 '%s' of %s is not 64 hexadecimal digits".formatted(sha256, name));
    }
    name = name.substring(name.lastIndexOf('/') + 1);
    if (name.length() > LONGEST_NAME) {
      name = name.substring(name.length() - LONGEST_NAME);
    }
  }
}
