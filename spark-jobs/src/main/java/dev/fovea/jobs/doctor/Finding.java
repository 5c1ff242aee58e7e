package dev.fovea.jobs.doctor;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param subject what was looked at, such as {@code java}
 * @param state how it is
 * @param found what there is
 * @param advice what to do about it; empty where nothing is to be done
 */
public record Finding(String subject, State state, String found, String advice) {
  /** How something is. */
  public enum State {
    OK,
    /** It works, but something can be had better or may fail later. */
    NOTE,
    /** It does not work. */
    FAILED;

    /** The spelling in tables and JSON. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, State.OK, found, "");
  }

  static Finding note(String subject, String found, String advice) {
    return new Finding(subject, State.NOTE, found, advice);
  }

  static Finding failed(String subject, String found, String advice) {
    return new Finding(subject, State.FAILED, found, advice);
  }
}
