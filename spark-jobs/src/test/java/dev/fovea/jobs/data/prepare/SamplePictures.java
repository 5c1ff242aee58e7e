package dev.fovea.jobs.data.prepare;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Pictures of noise, each different. */
final class SamplePictures {
  private SamplePictures() {}

  static Picture picture(int seed, int width, int height) {
    byte[] samples = new byte[3 * width * height];
    new Random(seed).nextBytes(samples);
    return Picture.rgb(width, height, samples);
  }

  /** Writes a PNG, with the folders above it. */
  static Path write(Path file, int seed, int width, int height) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, PngEncoder.encode(picture(seed, width, height)));
  }
}
