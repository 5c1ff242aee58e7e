package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Picture;
import java.util.List;

/**
 * A picture as a file stores it: not yet upright, its profile and EXIF block as found.
 *
 * @param picture samples in the file's own order and colour space
 * @param frames pictures of an animation, of which this is the first; 1 for a still
 * @param notes what was left out or ignored
 */
record Stored(Picture picture, int frames, List<String> notes) {}
