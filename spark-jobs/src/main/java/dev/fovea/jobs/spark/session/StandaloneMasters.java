package dev.fovea.jobs.spark.session;

import dev.fovea.jobs.support.console.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether a standalone cluster is there. Spark itself tries for a minute, then stops its
 * context, so that what fails first is whatever the job happens to ask of it.
 */
final class StandaloneMasters {
  private static final String SCHEME = "spark://";
  private static final int CONNECT_MILLIS = 3_000;
  private static final int PAUSE_MILLIS = 500;

  private StandaloneMasters() {}

  /**
   * Returns at once for other kinds of clusters, and as soon as one of the masters answers.
   *
   * @param master as Spark takes it: {@code spark://HOST:PORT[,HOST:PORT...]}
   * @param patienceMillis how long to try; a master may just be starting
   * @throws IllegalStateException if none answers
   */
  static void requireOne(String master, long patienceMillis) {
    if (!master.startsWith(SCHEME)) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    Optional<String> refusal = refusal(master);
    try {
      while (refusal.isPresent() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        refusal = refusal(master);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (refusal.isPresent()) {
      throw new IllegalStateException(
          "%s '%s': no master answers (%s); submit/cluster start brings one up on this machine"
              .formatted(Setting.MASTER, master, refusal.get()));
    }
  }

  /** Why the last of them did not answer; nothing if one did. */
  private static Optional<String> refusal(String master) {
    Optional<String> refusal = Optional.empty();
    for (String address : master.substring(SCHEME.length()).split(",", -1)) {
      refusal = connect(address.strip());
      if (refusal.isEmpty()) {
        break;
      }
    }
    return refusal;
  }

  private static Optional<String> connect(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
      return Optional.empty(); // Spark says what is wrong with it.
    }
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    try (Socket socket = new Socket()) {
      InetSocketAddress there =
          new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
      if (there.isUnresolved()) {
        return Optional.of(address + ": there is no such host");
      }
      socket.connect(there, CONNECT_MILLIS);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(address + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // A port beyond 65535; Spark says so.
    }
  }
}
