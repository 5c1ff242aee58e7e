package dev.fovea.jobs.training.loop;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Pictures that can be learnt from: edges and gradients, each picture its own. */
public final class Photographs {
  private Photographs() {}

  /** Writes pictures of one size into a folder. */
  public static Path write(Path folder, int count, int width, int height) throws IOException {
    return write(folder, 0, count, width, height);
  }

  /** Writes pictures that are numbered from the given number on; equal numbers look alike. */
  public static Path write(Path folder, int first, int count, int width, int height)
      throws IOException {
    Files.createDirectories(folder);
    for (int i = first; i < first + count; i++) {
      Path file = folder.resolve("picture-%03d.png".formatted(i));
      Files.write(file, PngEncoder.encode(picture(i, width, height)));
    }
    return folder;
  }

  private static Picture picture(int seed, int width, int height) {
    Random random = new Random(seed);
    byte[] samples = new byte[3 * width * height];
    for (int channel = 0; channel < 3; channel++) {
      double angle = random.nextDouble() * Math.PI;
      double period = 6 + 20 * random.nextDouble();
      double phase = random.nextDouble();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double along = (x * Math.cos(angle) + y * Math.sin(angle)) / period + phase;
          double wave = along - Math.floor(along) < 0.5 ? 0.8 : 0.2;
          samples[3 * (y * width + x) + channel] =
              (byte) Math.round(255 * (0.8 * wave + 0.2 * x / width));
        }
      }
    }
    return Picture.rgb(width, height, samples);
  }
}
