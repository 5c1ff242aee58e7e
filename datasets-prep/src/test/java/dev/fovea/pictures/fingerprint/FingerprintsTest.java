package dev.fovea.pictures.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);

  @Test
  void whatIsWrittenIsReadBackWhateverTheOrder() throws IOException {
    Fingerprint one = new Fingerprint("folder/one.jpg", A, PerceptualHash.of(noise(1)));
    Fingerprint two = new Fingerprint("two\n\u00e9.jpg", B, Optional.empty());

    byte[] bytes = new Fingerprints(List.of(two, one, one)).format();

    assertThat(Fingerprints.parse(bytes).all()).containsExactly(one, two);
    assertThat(new Fingerprints(List.of(one)).and(new Fingerprints(List.of(two))).format())
        .isEqualTo(bytes);
    assertThat(one.name()).isEqualTo("one.jpg");
  }

  @Test
  void damagedFilesAreRefused() {
    byte[] bytes =
        new Fingerprints(List.of(new Fingerprint("one", A, PerceptualHash.of(noise(1))))).format();

    for (int length = 0; length < bytes.length; length++) {
      byte[] shortened = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Fingerprints.parse(shortened)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Fingerprints.parse(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("behind the last");
    bytes[8] = 0x7F;
    assertThatThrownBy(() -> Fingerprints.parse(bytes)).hasMessageContaining("cannot hold");
  }

  @Test
  void flatPicturesHaveNoHashAndAreFoundByTheirBytesOnly() {
    Picture flat = Picture.grey(80, 80, new byte[6400]);
    FingerprintIndex index =
        new FingerprintIndex(
            new Fingerprints(List.of(new Fingerprint("flat", A, PerceptualHash.of(flat)))));

    assertThat(PerceptualHash.of(flat)).isEmpty();
    assertThat(index.find(A, List.of())).isPresent();
    assertThat(index.find(B, PerceptualHash.ofAllOrientations(flat))).isEmpty();
    assertThat(index.find(B, PerceptualHash.ofAllOrientations(noise(2)))).isEmpty();
  }

  @Test
  void hexadecimalDigitsAreReadBack() {
    PerceptualHash hash = PerceptualHash.of(noise(3)).orElseThrow();

    assertThat(PerceptualHash.ofHex(hash.hex())).isEqualTo(hash);
    assertThatThrownBy(() -> PerceptualHash.ofHex("12")).hasMessageContaining("64 hexadecimal");
  }

  private static Picture noise(long seed) {
    byte[] samples = new byte[3 * 70 * 90];
    new Random(seed).nextBytes(samples);
    return Picture.rgb(90, 70, samples);
  }
}
