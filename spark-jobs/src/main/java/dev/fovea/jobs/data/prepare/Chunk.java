package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.InputFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one shard. How inputs are cut into chunks depends on their order and lengths alone,
 * never on how many machines there are.
 *
 * @param number the shard's
 * @param files in the order of their paths
 */
record Chunk(int number, List<InputFile> files) implements Serializable {
  private static final long SMALLEST_BYTES = 32L << 20;
  private static final long LARGEST_BYTES = 512L << 20;
  private static final int USUAL_CHUNKS = 256;
  private static final int MOST_FILES = 4096;

  Chunk {
    files = List.copyOf(files);
  }

  /** About 256 chunks, none of them under 32 MiB (but the last) or much above 512 MiB. */
  static List<Chunk> cut(List<InputFile> files) {
    long total = files.stream().mapToLong(InputFile::length).sum();
    long size = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, total / USUAL_CHUNKS));
    List<Chunk> chunks = new ArrayList<>();
    List<InputFile> open = new ArrayList<>();
    long bytes = 0;
    for (InputFile file : files) {
      open.add(file);
      bytes += file.length();
      if (bytes >= size || open.size() == MOST_FILES) {
        chunks.add(new Chunk(chunks.size(), open));
        open.clear();
        bytes = 0;
      }
    }
    if (!open.isEmpty()) {
      chunks.add(new Chunk(chunks.size(), open));
    }
    return chunks;
  }
}
