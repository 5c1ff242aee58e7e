package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class GuardedReadTest {
  private static final byte[] PNG = PngEncoder.encode(Picture.grey(2, 1, new byte[] {1, 2}));

  @TempDir private Path folder;

  @Test
  void aStaleChecksumBesideAPictureIsNotBelieved() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), PNG);
    Files.write(
        folder.resolve(".a.png.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});

    assertThat(read(file)).isEqualTo(PNG);
  }

  @Test
  void aNameMayHoldAColon() throws IOException {
    assertThat(read(Files.write(folder.resolve("a:b.png"), PNG))).isEqualTo(PNG);
  }

  @Test
  void aNameWithAColonIsNoScheme() {
    assertThat(InputStreams.path("2024:05.png")).hasToString("./2024:05.png");
    assertThat(InputStreams.path("s3a://bucket/2024:05.png"))
        .hasToString("s3a://bucket/2024:05.png");
    assertThatThrownBy(
            () ->
                PictureFile.decode(
                    new Configuration(), Setting.ORIGINAL, "2024:05.png", ColourPolicy.SRGB))
        .hasMessageContaining("there is no such file");
  }

  @Test
  @Timeout(10)
  void aDeviceBehindALinkIsRefusedByName() throws IOException {
    Path zero = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(zero), "there is no /dev/zero here");
    Path link = Files.createSymbolicLink(folder.resolve("a.png"), zero);

    assertThatThrownBy(
            () ->
                PictureFile.decode(
                    new Configuration(), Setting.IMAGE_PATH, link.toString(), ColourPolicy.SRGB))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(link.toString())
        .hasMessageContaining(InputStreams.NO_FILE);
  }

  private static byte[] read(Path file) throws IOException {
    return PictureFile.read(
        new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()), Limits.defaults());
  }
}
