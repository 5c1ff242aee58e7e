package dev.fovea.jobs.upscaling.archive;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures whose outcomes are written down together: if their task dies, at most these are done
 * again.
 *
 * @param number of the chunk, and of its part of the manifest
 */
record ArchiveChunk(int number, List<ArchiveItem> items) implements Serializable {
  private static final int MOST_ITEMS = 32;
  private static final long MOST_BYTES = 32L << 20;

  ArchiveChunk {
    items = List.copyOf(items);
  }

  /** Cuts the items in their order. */
  static List<ArchiveChunk> cut(List<ArchiveItem> items) {
    List<ArchiveChunk> chunks = new ArrayList<>();
    List<ArchiveItem> gathered = new ArrayList<>();
    long bytes = 0;
    for (ArchiveItem item : items) {
      if (!gathered.isEmpty()
          && (gathered.size() == MOST_ITEMS || bytes + item.length() > MOST_BYTES)) {
        chunks.add(new ArchiveChunk(chunks.size(), gathered));
        gathered = new ArrayList<>();
        bytes = 0;
      }
      gathered.add(item);
      bytes += item.length();
    }
    if (!gathered.isEmpty()) {
      chunks.add(new ArchiveChunk(chunks.size(), gathered));
    }
    return chunks;
  }
}
