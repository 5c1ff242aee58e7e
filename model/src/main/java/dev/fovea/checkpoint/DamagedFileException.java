package dev.fovea.checkpoint;

import java.io.IOException;

/** A file is not what it should be; the message names it and says what is wrong, in one line. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  private final String file;

  /**
   * @param file the file's name
   * @param reason what is wrong with it
   */
  public DamagedFileException(String file, String reason) {
    super(file + ": " + reason);
    this.file = file;
  }

  /**
   * @param file the file's name
   * @param reason what is wrong with it
   */
  public DamagedFileException(String file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
    this.file = file;
  }

  /** The file's name. */
  public String file() {
    return file;
  }
}
