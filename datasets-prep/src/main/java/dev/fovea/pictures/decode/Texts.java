package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.PngText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Text chunks and comments of a file, as many as are kept, and what is not. */
final class Texts {
  private static final int MOST = 256;

  private final int limit;
  private final List<PngText> kept = new ArrayList<>();
  private final Set<String> lost = new LinkedHashSet<>();
  private long bytes;

  /**
   * @param limit of their bytes altogether
   */
  Texts(int limit) {
    this.limit = limit;
  }

  void add(PngText text) {
    if (kept.size() == MOST || bytes + text.data().length > limit) {
      lose("texts beyond %d or %d bytes ignored".formatted(MOST, limit));
      return;
    }
    bytes += text.data().length;
    kept.add(text);
  }

  /** Remembers once that something is not kept. */
  void lose(String note) {
    lost.add(note);
  }

  List<PngText> kept() {
    return kept;
  }

  List<String> lost() {
    return List.copyOf(lost);
  }
}
