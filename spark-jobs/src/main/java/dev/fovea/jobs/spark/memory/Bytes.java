package dev.fovea.jobs.spark.memory;

import java.util.Locale;

/** Amounts of memory as people write them. */
final class Bytes {
  static final long MIB = 1 << 20;

  private Bytes() {}

  /** Such as {@code 512 MiB} or {@code 3.5 GiB}. */
  static String text(long bytes) {
    double mebibytes = (double) bytes / MIB;
    return mebibytes < 1000
        ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
        : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
  }
}
