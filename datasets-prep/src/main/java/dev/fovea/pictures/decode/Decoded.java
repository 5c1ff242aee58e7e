package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.PictureFormat;
import java.util.List;

/**
 * A decoded file.
 *
 * @param picture upright
 * @param format judged by content, not by name
 * @param frames pictures of an animation, of which this is the first; 1 for a still
 * @param notes what was left out or ignored, such as further frames or a broken profile
 */
public record Decoded(Picture picture, PictureFormat format, int frames, List<String> notes) {
  public Decoded {
    notes = List.copyOf(notes);
  }

  /** Whether further frames were left out. */
  public boolean animated() {
    return frames > 1;
  }
}
