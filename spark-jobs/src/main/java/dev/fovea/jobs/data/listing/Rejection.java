package dev.fovea.jobs.data.listing;

import java.io.Serializable;

/**
 * An input that did not become a picture.
 *
 * @param path fully qualified Hadoop path, unescaped
 * @param reason in one line
 */
public record Rejection(String path, String reason) implements Serializable {
  public Rejection {
    reason = String.join(" ", reason.strip().split("\\s*\\R\\s*", -1));
  }
}
