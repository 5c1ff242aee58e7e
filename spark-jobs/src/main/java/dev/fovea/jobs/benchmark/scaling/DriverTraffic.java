package dev.fovea.jobs.benchmark.scaling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bytes that this process has written to and read from files and sockets, by Linux's count.
 *
 * @param sent written
 * @param received read
 */
record DriverTraffic(long sent, long received) {
  private static final Path COUNTS = Path.of("/proc/self/io");

  /** Until now; empty where the system does not count. */
  static Optional<DriverTraffic> now() {
    try {
      long sent = -1;
      long received = -1;
      for (String line : Files.readAllLines(COUNTS)) {
        if (line.startsWith("wchar: ")) {
          sent = Long.parseLong(line.substring(7));
        } else if (line.startsWith("rchar: ")) {
          received = Long.parseLong(line.substring(7));
        }
      }
      return Optional.of(new DriverTraffic(sent, received));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  DriverTraffic since(DriverTraffic earlier) {
    return new DriverTraffic(sent - earlier.sent, received - earlier.received);
  }
}
