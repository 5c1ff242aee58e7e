package dev.fovea.jobs.support.files;

/** What becomes of a file that lies where a command writes. */
public enum ExistingFile {
  /** It stays, and the command refuses to start. */
  KEEP,
  /** It is replaced. */
  REPLACE
}
