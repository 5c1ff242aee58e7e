package dev.fovea.jobs.benchmark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The reference's chain in torchvision, run by {@code submit/benchmark-torchvision.py}. */
final class TorchvisionRival {
  private static final String HOME = "fovea.home";

  private TorchvisionRival() {}

  /** Its figures; none where there is no Python with torchvision, or no script. */
  static List<PipelineFigure> measure(Path folder, int seconds, List<Integer> threads)
      throws IOException, InterruptedException {
    Path script = Path.of(System.getProperty(HOME, ""), "submit", "benchmark-torchvision.py");
    if (!Files.isRegularFile(script) || !run(List.of("python3", "-c", "import torchvision"))) {
      return List.of();
    }
    Path output = Files.createTempFile("torchvision", ".json");
    try {
      List<String> command =
          List.of(
              "python3",
              script.toString(),
              folder.toString(),
              "--seconds=" + seconds,
              "--processes="
                  + threads.stream().map(String::valueOf).collect(Collectors.joining(",")),
              "--json=" + output);
      if (!run(command)) {
        throw new IOException(script + " failed; run it by hand to see why");
      }
      List<PipelineFigure> figures = new ArrayList<>();
      for (JsonNode figure : new ObjectMapper().readTree(Files.readAllBytes(output))) {
        figures.add(
            new PipelineFigure(
                "torchvision",
                "files",
                figure.get("chain").asText(),
                figure.get("processes").asInt(),
                figure.get("pictures_per_second").asDouble(),
                figure.get("pictures_per_cpu_second").asDouble()));
      }
      return figures;
    } finally {
      Files.delete(output);
    }
  }

  private static boolean run(List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().write("".getBytes(StandardCharsets.UTF_8));
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no Python.
    }
  }
}
