package dev.fovea.jobs.upscaling.single;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;
import java.util.Random;

/** Pictures with edges, ramps and texture, made of nothing but a seed. */
public final class TestPictures {
  private TestPictures() {}

  public static Picture rgb(int width, int height, long seed) {
    return Picture.rgb(width, height, bytes(width, height, 3, seed));
  }

  public static Picture grey(int width, int height, long seed) {
    return Picture.grey(width, height, bytes(width, height, 1, seed));
  }

  /** 16 bits, alpha and a colour profile, which need not be a valid one to be carried along. */
  public static Picture rich(int width, int height, long seed) {
    byte[] colours = bytes(width, height, 3, seed);
    byte[] alpha = bytes(width, height, 1, seed + 1);
    return new Picture(
        width,
        height,
        false,
        words(colours),
        Optional.of(words(alpha)),
        Metadata.NONE.withIcc(Optional.of(new byte[] {1, 2, 3})));
  }

  private static Samples.Words words(byte[] bytes) {
    short[] words = new short[bytes.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) ((bytes[i] & 0xFF) * 257);
    }
    return new Samples.Words(words);
  }

  private static byte[] bytes(int width, int height, int channels, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[width * height * channels];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < channels; channel++) {
          double ramp = 80 + 60.0 * x / width + 30 * Math.sin((y + 9 * channel) / 5.0);
          double edge = (x / 13 + y / 17) % 2 == 0 ? 40 : 0;
          bytes[to++] = (byte) (int) (ramp + edge + random.nextInt(12));
        }
      }
    }
    return bytes;
  }
}
