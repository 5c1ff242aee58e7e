package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void everyCheckHasALineAndFailuresHaveAdviceAndAnExitCode() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandRun run = CommandRun.of("doctor", "--path", folder.toString(), file.toString());
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains(
            "java ",
            "user ",
            "host name",
            "add-opens",
            "processor",
            "memory",
            "engine torch",
            "engine nd4j")
        .contains("temporary files", "working folder", "path " + folder + " ")
        .containsPattern("path \\S+file +failed")
        .contains("-> check spelling, rights and credentials");
  }

  @Test
  void machinesAreToldTheSame() throws IOException {
    CommandRun run = CommandRun.of("doctor", "--json", "--path", folder.toString());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.at("/version").asInt()).isEqualTo(1);
    assertThat(json.at("/state").asText()).isIn("ok", "note", "failed");
    assertThat(run.code())
        .isEqualTo(json.at("/state").asText().equals("failed") ? ExitCode.FAILED : ExitCode.DONE);
    assertThat(json.at("/findings").findValuesAsText("subject"))
        .contains("java", "add-opens", "memory", "engine torch", "path " + folder);
    for (JsonNode finding : json.at("/findings")) {
      assertThat(finding.get("advice").asText().isEmpty())
          .as(finding.toString())
          .isEqualTo(finding.get("state").asText().equals("ok"));
    }
  }

  @Test
  void aGpuThatIsDemandedAndCannotBeUsedIsAFailure() throws IOException {
    CommandRun run = CommandRun.of("doctor", "--json", "--device", "cuda:99");
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(new ObjectMapper().readTree(run.out()).at("/findings"))
        .anyMatch(
            finding ->
                finding.get("subject").asText().equals("engine torch on cuda:99")
                    && finding.get("state").asText().equals("failed"));
    assertThat(CommandRun.of("doctor", "--device", "tpu").code()).isEqualTo(ExitCode.USAGE);
  }
}
