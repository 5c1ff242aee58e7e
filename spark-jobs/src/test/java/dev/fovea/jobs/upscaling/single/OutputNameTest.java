package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputNameTest {
  @Test
  void theRatioIsAddedAndTheEndingReplaced() {
    assertThat(OutputName.of("baby.jpg", 4, "png")).isEqualTo("baby_4x.png");
    assertThat(OutputName.of("archive.2019.webp", 2, "png")).isEqualTo("archive.2019_2x.png");
    assertThat(OutputName.of("no-ending", 8, "png")).isEqualTo("no-ending_8x.png");
    assertThat(OutputName.of(".hidden", 8, "png")).isEqualTo(".hidden_8x.png");
  }

  @Test
  void aDirectoryTakesTheNamedFileAndAnythingElseIsTheFile(@TempDir java.nio.file.Path folder)
      throws IOException {
    Configuration hadoop = new Configuration();
    Path source = new Path("pictures/baby.jpg");

    assertThat(OutputName.under(hadoop, folder.toString(), source, 4, "png"))
        .isEqualTo(new Path(folder.toString(), "baby_4x.png"));
    assertThat(OutputName.under(hadoop, folder + "/new/", source, 4, "png"))
        .isEqualTo(new Path(folder + "/new", "baby_4x.png"));
    assertThat(OutputName.under(hadoop, folder + "/large.png", source, 4, "png"))
        .isEqualTo(new Path(folder + "/large.png"));
  }
}
