package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkCommandTest {
  @TempDir Path folder;

  @Test
  void pipelineMeasuresEveryChainOnOneThreadAndOnAll() throws IOException {
    byte[] samples = new byte[3 * 256 * 256];
    new Random(1).nextBytes(samples);
    Files.write(
        Files.createDirectory(folder.resolve("pictures")).resolve("a.png"),
        PngEncoder.encode(Picture.rgb(256, 256, samples)));
    Path json = folder.resolve("figures.json");

    CommandRun run =
        CommandRun.of(
            "benchmark",
            "--what=pipeline",
            "--images-path=" + folder.resolve("pictures"),
            "--seconds=1",
            "--json=" + json);

    assertThat(run.errors()).singleElement().asString().startsWith("measuring '");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("decode", "reference", "native");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures).isNotEmpty();
    assertThat(figures)
        .allSatisfy(
            each -> assertThat(each.get("pictures_per_second").asDouble()).isGreaterThan(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--what nothing              | --what 'nothing': one of step, inference, pipeline, archive, scaling is needed",
        "--what pipeline             | --images-path is missing",
        "--what pipeline --images-path nowhere | --images-path 'nowhere': a local folder is needed",
        "--what step --device gpu    | --device 'gpu'",
        "--what step --turns 0       | --turns '0': 1 or more is allowed",
      })
  void wrongInputIsOneLineAndExitCodeTwo(String options, String message) {
    CommandRun run = CommandRun.of(("benchmark " + options).split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains(message);
  }
}
