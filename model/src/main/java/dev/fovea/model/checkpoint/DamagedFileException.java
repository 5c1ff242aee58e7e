package dev.fovea.model.checkpoint;

import java.io.IOException;

/** A file is not what it should be; the message names it and says what is wrong, in one line. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  private static final int LONGEST = 1000;

  private final String file;

  /**
   * @param file the file's name
   * @param reason what is wrong with it
   */
  public DamagedFileException(String file, String reason) {
    super(file + ": " + oneLine(reason));
    this.file = file;
  }

  /**
   * @param file the file's name
   * @param reason what is wrong with it
   */
  public DamagedFileException(String file, String reason, Throwable cause) {
    super(file + ": " + oneLine(reason), cause);
    this.file = file;
  }

  /** Reasons quote what stands in the file, which may be anything of any length. */
  private static String oneLine(String reason) {
    String cut = reason.length() > LONGEST ? reason.substring(0, LONGEST) + ".." : reason;
    return cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\x{85}]", "?");
  }

  /** The file's name. */
  public String file() {
    return file;
  }
}
