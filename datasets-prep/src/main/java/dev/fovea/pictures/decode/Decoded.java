package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.PictureFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A decoded file.
 *
 * @param picture upright
 * @param format judged by content, not by name
 * @param frames pictures of an animation, of which this is the first; 1 for a still
 * @param notes what was left out or ignored, such as further frames or a broken profile
 */
public record Decoded(Picture picture, PictureFormat format, int frames, List<String> notes) {
  /** Notes that are kept; one more says that there were others. */
  static final int MOST_NOTES = 16;

  public Decoded {
    notes =
        notes.size() <= MOST_NOTES
            ? List.copyOf(notes)
            : Stream.concat(
                    notes.stream().limit(MOST_NOTES), Stream.of("and more, which is left out here"))
                .toList();
  }

  /** Whether further frames were left out. */
  public boolean animated() {
    return frames > 1;
  }
}
