package dev.fovea.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.decode.PictureDecoder;
import dev.fovea.picture.ColourPolicy;
import dev.fovea.picture.Limits;
import dev.fovea.picture.Picture;
import dev.fovea.picture.Samples;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PngEncoderTest {
  @Property(tries = 100)
  void whatIsEncodedIsDecodedUnchanged(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll boolean grey,
      @ForAll boolean wide,
      @ForAll boolean alpha,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Samples colours = samples(width * height * (grey ? 1 : 3), wide, random);
    Optional<Samples> plane =
        alpha ? Optional.of(samples(width * height, wide, random)) : Optional.empty();
    Picture picture =
        new Picture(width, height, grey, colours, plane, Optional.empty(), Optional.empty());
    Picture decoded =
        PictureDecoder.decode(PngEncoder.encode(picture), Limits.defaults(), ColourPolicy.KEEP)
            .picture();
    assertThat(decoded).usingRecursiveComparison().isEqualTo(picture);
  }

  private static Samples samples(int count, boolean wide, Random random) {
    byte[] bytes = new byte[count];
    // Few distinct values, so that all filters are chosen now and then.
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (random.nextInt(4) * 3 + i / 7);
    }
    if (!wide) {
      return new Samples.Bytes(bytes);
    }
    short[] words = new short[count];
    for (int i = 0; i < count; i++) {
      words[i] = (short) (bytes[i] * 257 + random.nextInt(3));
    }
    return new Samples.Words(words);
  }
}
