package dev.fovea.jobs.models.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lets one at a time begin to write to a path, on any file system that lists a file as soon as it
 * was written; nothing needs to be created atomically, which object stores cannot.
 *
 * <p>Whoever wants to begin writes a file of a random name, and then lists. One who finds nobody
 * else goes on and deletes the file when done. Of two, the one whose file came second finds the
 * other's, so that never both go on. Of several who find each other all but the one with the lowest
 * name delete their files and wait, so that one always does. No clock is compared with another: a
 * file that somebody has watched for longer than a time limit belongs to a process that died, and
 * is deleted; those who live put up new ones before. Not thread-safe.
 */
final class Claim implements Closeable {
  private static final String PREFIX = "_claim-";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final FileSystem fileSystem;
  private final Path path;
  private final byte[] content;
  private final long limitNanos;

  /** When the files of others were seen first. */
  private final Map<String, Long> seen = new HashMap<>();

  /** Null where we have none. */
  private String own;

  private long ownSince;

  /** When the last of ours was seen, or waited for first. */
  private long listedAt = System.nanoTime();

  private Claim(FileSystem fileSystem, Path path, byte[] content, Duration limit) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.content = content;
    this.limitNanos = limit.toNanos();
  }

  /** Waits until nobody else is about to begin, and keeps others waiting until it is closed. */
  static Claim await(FileSystem fileSystem, Path path, Lease.Holder self) throws IOException {
    return await(fileSystem, path, self, LIMIT);
  }

  static Claim await(FileSystem fileSystem, Path path, Lease.Holder self, Duration limit)
      throws IOException {
    Claim claim = new Claim(fileSystem, path, self.format(), limit);
    try {
      claim.await();
      return claim;
    } catch (IOException e) {
      try {
        claim.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Whether a file is one of these. */
  static boolean isOne(Path file) {
    return file.getName().startsWith(PREFIX);
  }

  private void await() throws IOException {
    long pause = 10;
    while (true) {
      if (own == null) {
        put();
      }
      List<String> there = names();
      if (there.equals(List.of(own))) {
        return;
      }
      requireListed(there);
      expire(there);
      boolean yields = there.stream().anyMatch(other -> other.compareTo(own) < 0);
      if (yields) {
        close();
        pause = awaitNobody(pause);
      } else {
        pause = pause(pause);
        if (!there.contains(own) || System.nanoTime() - ownSince > limitNanos / 2) {
          close();
        }
      }
    }
  }

  /** A store that never lists what was written would be waited for for ever. */
  private void requireListed(List<String> there) throws IOException {
    long now = System.nanoTime();
    if (there.contains(own)) {
      listedAt = now;
    } else if (now - listedAt > limitNanos) {
      throw new IOException(
          "%s was written but has not been listed since; who else begins cannot be known"
              .formatted(new Path(path, own)));
    }
  }

  /** Those who were before us may go first. */
  private long awaitNobody(long pause) throws IOException {
    long next = pause;
    List<String> there = names();
    while (!there.isEmpty()) {
      next = pause(next);
      there = names();
      expire(there);
    }
    listedAt = System.nanoTime();
    return next;
  }

  private void put() throws IOException {
    own = PREFIX + UUID.randomUUID();
    ownSince = System.nanoTime();
    try (OutputStream out = fileSystem.create(new Path(path, own), true)) {
      out.write(content);
    }
  }

  private List<String> names() throws IOException {
    return StepDirectory.entries(fileSystem, path).stream()
        .map(FileStatus::getPath)
        .filter(Claim::isOne)
        .map(Path::getName)
        .toList();
  }

  private void expire(Collection<String> there) throws IOException {
    seen.keySet().retainAll(there);
    long now = System.nanoTime();
    for (String other : there) {
      long since = seen.computeIfAbsent(other, first -> now);
      if (now - since > limitNanos && !other.equals(own)) {
        fileSystem.delete(new Path(path, other), false);
      }
    }
  }

  private static long pause(long millis) throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while others begin to write");
    }
    return Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
  }

  /** Lets others begin. */
  @Override
  public void close() throws IOException {
    if (own != null) {
      String mine = own;
      own = null;
      fileSystem.delete(new Path(path, mine), false);
    }
  }
}
