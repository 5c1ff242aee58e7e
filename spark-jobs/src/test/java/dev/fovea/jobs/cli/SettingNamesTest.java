package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jobs name settings; only the command line knows options. */
class SettingNamesTest {
  private static final Path JOBS = Path.of("src/main/java/dev/fovea/jobs");

  /** A string literal with an option in it. */
  private static final Pattern OPTION = Pattern.compile("\"[^\"\\n]*--[a-z][^\"\\n]*\"");

  /** Files with options of other programs: of Java, nvidia-smi and a Python script. */
  private static final Set<String> OF_OTHER_PROGRAMS =
      Set.of("JavaCheck.java", "Gpu.java", "GpuMemory.java", "TorchvisionRival.java");

  @Test
  void everySettingIsAnOptionOfTheCommandLine() {
    Set<String> options = Fovea.optionNames(Fovea.commandLine(new Fovea(Terminal.NONE)));

    assertThat(options)
        .containsAll(Arrays.stream(Setting.values()).map(Setting::toString).toList());
  }

  @Test
  void noOtherPackageSpellsAnOption() throws IOException {
    try (Stream<Path> files = Files.walk(JOBS)) {
      List<String> found =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.startsWith(JOBS.resolve("cli")))
              .filter(file -> !OF_OTHER_PROGRAMS.contains(file.getFileName().toString()))
              .flatMap(SettingNamesTest::options)
              .toList();

      assertThat(found).isEmpty();
    }
  }

  private static Stream<String> options(Path file) {
    try {
      return OPTION
          .matcher(Files.readString(file))
          .results()
          .map(found -> JOBS.relativize(file) + ": " + found.group());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
