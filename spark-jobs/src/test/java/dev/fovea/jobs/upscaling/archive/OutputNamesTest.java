package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.upscaling.archive.OutputNames.Characters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class OutputNamesTest {
  private static final OutputNames PNG =
      new OutputNames(OutputNames.DEFAULT, "png", 4, Characters.LOCAL);

  @Test
  void theFolderOfAPictureCanBePartOfItsName() {
    OutputNames names = new OutputNames("{folder}_{name}.{ext}", "png", 4, Characters.LOCAL);

    assertThat(names.of("a/b.jpg", "file:/photos/a/b.jpg")).isEqualTo("a/a_b.png");
    assertThat(names.of("b.jpg", "file:/photos/b.jpg")).isEqualTo("photos_b.png");
    assertThat(names.of("b.jpg", "b.jpg")).isEqualTo("_b.png");
  }

  @Test
  void namesKeepTheirSourcesApart() {
    assertThat(PNG.of("a/b/photo.jpg", "a/b/photo.jpg")).isEqualTo("a/b/photo.jpg.png");
    assertThat(PNG.of("photo.png", "photo.png")).isEqualTo("photo.png.png");
    assertThat(PNG.of("photo", "photo")).isEqualTo("photo.png");
    assertThat(PNG.of(".hidden.jpg", ".hidden.jpg")).isEqualTo(".hidden.jpg.png");
    assertThat(
            new OutputNames("{name}_{ratio}x.{ext}", "webp", 4, Characters.LOCAL)
                .of("a.b.jpg", "a.b.jpg"))
        .isEqualTo("a.b_4x.webp");
  }

  @Test
  void whatWouldLeaveTheRootOrLieAmongTheJobsOwnFilesIsEscaped() {
    assertThat(PNG.of("../../etc/passwd.png", "../../etc/passwd.png"))
        .isEqualTo("%2E%2E/%2E%2E/etc/passwd.png.png");
    assertThat(PNG.of("/absolute//x.png", "/absolute//x.png")).isEqualTo("absolute/x.png.png");
    assertThat(PNG.of("_fovea/x.png", "_fovea/x.png")).isEqualTo("%5Ffovea/x.png.png");
    assertThat(PNG.of("..", "..")).isEqualTo("%2E.png");
    assertThat(
            new OutputNames(OutputNames.DEFAULT, "png", 4, Characters.REMOTE)
                .of("a:b\n.jpg", "a:b\n.jpg"))
        .isEqualTo("a%3Ab%0A.jpg.png");
  }

  @Test
  void namesThatAreTooLongAreCutAndStayApart() {
    String a = PNG.of("ä".repeat(120) + "1.jpg", "ä".repeat(120) + "1.jpg");
    String b = PNG.of("ä".repeat(120) + "2.jpg", "ä".repeat(120) + "2.jpg");
    String longer = PNG.of("ä".repeat(125) + "1.jpg", "ä".repeat(125) + "1.jpg");
    String other = PNG.of("ä".repeat(125) + "2.jpg", "ä".repeat(125) + "2.jpg");

    assertThat(a).isEqualTo("ä".repeat(120) + "1.jpg.png").isNotEqualTo(b);
    assertThat(longer).endsWith(".png").isNotEqualTo(other).contains("~");
    assertThat(longer.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
  }

  @Property(tries = 2000)
  void everyNameStaysInsideAndFits(@ForAll @CharRange(from = '\u0000', to = '\u0200') String any) {
    for (String input : List.of(any, "../" + any, any + "/../" + any)) {
      for (Characters characters : Characters.values()) {
        String name = new OutputNames(OutputNames.DEFAULT, "png", 4, characters).of(input, input);
        Path path = Path.of("/root").resolve(name);
        assertThat(path.normalize()).isEqualTo(path);
        assertThat(path.startsWith("/root")).isTrue();
        assertThat(name).endsWith("png").doesNotStartWith("/").doesNotStartWith("_fovea");
        for (String part : name.split("/", -1)) {
          assertThat(part.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
        }
      }
    }
  }

  @Test
  void templatesThatCannotNameAFileAreRefused() {
    refused("{nam}.png", "there is no {nam}");
    refused("all.png", "{name} is needed");
    refused("a/{name}.png", "without slashes");
    refused("{name}.jpg", "it must end in .{ext} or .png");
  }

  private static void refused(String template, String reason) {
    assertThatThrownBy(() -> new OutputNames(template, "png", 4, Characters.LOCAL))
        .hasMessageContaining("--output-name '%s'".formatted(template))
        .hasMessageContaining(reason);
  }
}
