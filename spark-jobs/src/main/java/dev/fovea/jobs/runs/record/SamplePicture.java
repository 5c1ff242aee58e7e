package dev.fovea.jobs.runs.record;

import java.util.Arrays;

/**
 * A test picture, or a detail of it: bicubic, the model's result and the original side by side.
 *
 * @param name of the test picture
 * @param width in pixels
 * @param height in pixels
 * @param png the picture of all three
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its content, below.
public record SamplePicture(String name, int width, int height, byte[] png) {
  @Override
  public boolean equals(Object other) {
    return other instanceof SamplePicture that
        && name.equals(that.name)
        && width == that.width
        && height == that.height
        && Arrays.equals(png, that.png);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(png);
  }
}
