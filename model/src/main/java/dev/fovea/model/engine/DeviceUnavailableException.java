package dev.fovea.model.engine;

/** A device was asked for by name and cannot be used; the message says what was found. */
public final class DeviceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DeviceUnavailableException(String message) {
    super(message);
  }
}
