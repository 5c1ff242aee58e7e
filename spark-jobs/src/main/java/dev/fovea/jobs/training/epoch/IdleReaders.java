package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardReader;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The readers of this JVM that no task uses, with the row groups they keep in memory: the next
 * round goes on where the last one stopped. Tasks do not share a reader, because each has row
 * groups of its own to keep. Only those of one source stay.
 */
final class IdleReaders {
  private static final Deque<ShardReader> IDLE = new ArrayDeque<>();
  private static String owner = "";

  private IdleReaders() {}

  /** A reader of the source, or null. */
  static synchronized ShardReader poll(String source) {
    take(source);
    return IDLE.poll();
  }

  static synchronized void push(String source, ShardReader reader) {
    if (owner.equals(source)) {
      IDLE.push(reader);
    }
  }

  private static void take(String source) {
    if (!owner.equals(source)) {
      IDLE.clear();
      owner = source;
    }
  }
}
