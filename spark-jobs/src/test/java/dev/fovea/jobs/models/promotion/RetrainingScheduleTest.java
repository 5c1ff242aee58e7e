package dev.fovea.jobs.models.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.training.loop.Photographs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three days of the DAG in {@code submit/airflow}, every command as it is rendered. Airflow itself
 * cannot be installed from Maven; {@code src/test/python} stands in for the few classes of it.
 */
@Tag("external")
class RetrainingScheduleTest {
  private static final Path REPOSITORY =
      Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
          .filter(at -> Files.exists(at.resolve("submit/airflow")))
          .findFirst()
          .orElseThrow();

  private static final String NETWORK =
      "--upscale-ratio 2 --num-channels 8 --hidden-ratio 1 --num-layers 1 --target-resolution 48"
          + " --batch-size 8 --gradient-accumulation-steps 1 --learning-rate-schedule cosine"
          + " --tv-penalty 0 --decoder-gain 0.1 --engine torch --precision fp32";

  @TempDir Path folder;
  private Path home;
  private Path root;

  @BeforeAll
  static void findPython() {
    assumeTrue(python(), "python3 is missing; the DAG cannot be rendered");
  }

  @Test
  void eachDayIsTrainedMeasuredAndPromotedOnlyWhenItIsBetter() throws Exception {
    layOut();
    Photographs.write(root.resolve("holdout"), 900, 6, 96, 96);
    Photographs.write(folder.resolve("base"), 0, 24, 96, 96);
    succeed(
        List.of(
            "prepare",
            "--images-path",
            folder.resolve("base").toString(),
            "--output-path",
            root.resolve("shards/base").toString()));
    for (int day = 1; day <= 3; day++) {
      Photographs.write(root.resolve("incoming/2026-03-0" + day), 100 * day, 8, 96, 96);
    }

    // The first day through spark-submit itself, as Airflow would call it.
    String last = "";
    for (List<String> words : rendered("2026-03-01", "--max-steps 200 --learning-rate 1e-2")) {
      last = sparkSubmit(words);
    }
    assertThat(last).contains("promoted: number 1");
    assertThat(serving().number()).isEqualTo(1);
    String first = serving().runId();

    // One step of such a length takes it apart.
    String worse = "--max-steps 1 --learning-rate 1 --learning-rate-schedule constant";
    String refused = day("2026-03-02", worse);
    assertThat(refused).contains("not promoted: on holdout it is not better");
    assertThat(serving().number()).isEqualTo(1);

    String promoted = day("2026-03-03", "--max-steps 150 --learning-rate 1e-2");
    assertThat(promoted).contains("promoted: number 2");
    assertThat(serving().runId()).isNotEqualTo(first);

    // A task that is repeated finds its work done.
    assertThat(day("2026-03-03", "--max-steps 150 --learning-rate 1e-2"))
        .contains("in service already: number 2");
    assertThat(registry().entries()).hasSize(2);
  }

  @Test
  void theScriptForCronRunsTheSameCommands() throws Exception {
    layOut();
    Map<String, String> environment =
        Map.of(
            "FOVEA_HOME",
            home.toString(),
            "FOVEA_ROOT",
            root.toString(),
            "FOVEA_DAYS",
            "3",
            "FOVEA_PRETRAIN_OPTIONS",
            NETWORK,
            "FOVEA_EVALUATE_OPTIONS",
            "--engine torch --precision fp32",
            "FOVEA_PROMOTE_OPTIONS",
            "--margin 0");

    String printed =
        output(
            List.of(REPOSITORY.resolve("submit/retrain").toString(), "--print", "2026-03-01"),
            environment);

    List<String> lines = new ArrayList<>();
    for (List<String> words : rendered("2026-03-01", "")) {
      lines.add(String.join(" ", arguments(words)).strip());
    }
    assertThat(printed.lines().map(String::strip)).containsExactlyElementsOf(lines);
  }

  /** What Fovea is given, without what spark-submit is. */
  private static List<String> arguments(List<String> words) {
    return words.subList(words.indexOf("dev.fovea.jobs.cli.Fovea") + 2, words.size());
  }

  private String day(String date, String options) throws Exception {
    String last = "";
    for (List<String> words : rendered(date, options)) {
      last = succeed(arguments(words));
    }
    return last;
  }

  private static String succeed(List<String> arguments) {
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.code()).as("%s%n%s%n%s", arguments, run.out(), run.err()).isZero();
    return run.out();
  }

  /** The commands of a logical date, in order. */
  private List<List<String>> rendered(String date, String options) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("FOVEA_HOME", home.toString());
    environment.put("FOVEA_ROOT", root.toString());
    environment.put("FOVEA_DAYS", "3");
    environment.put("FOVEA_PRETRAIN_OPTIONS", NETWORK + " " + options);
    environment.put("FOVEA_EVALUATE_OPTIONS", "--engine torch --precision fp32");
    environment.put("FOVEA_PROMOTE_OPTIONS", "--margin 0");
    environment.put("FOVEA_SPARK_CONF", "spark.master=local[2]");
    List<List<String>> commands = new ArrayList<>();
    String lines =
        output(
            List.of(
                "python3",
                REPOSITORY.resolve("spark-jobs/src/test/python/render.py").toString(),
                REPOSITORY.resolve("submit/airflow/fovea_retraining.py").toString(),
                date),
            environment);
    for (String line : lines.lines().toList()) {
      commands.add(new ObjectMapper().readValue(line, new TypeReference<List<String>>() {}));
    }
    assertThat(commands).hasSize(4);
    return commands;
  }

  private String sparkSubmit(List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + REPOSITORY.resolve("conf/java-options"));
    command.addAll(List.of("-Xmx1g", "-Djava.awt.headless=true", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(words.subList(1, words.size()));
    return output(command, Map.of());
  }

  private String output(List<String> command, Map<String, String> environment) throws Exception {
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("%s%n%s%n%s", command, text, Files.readString(errors))
        .isZero();
    return text;
  }

  /** An application archive as the DAG finds it; its classes are on the class path. */
  private void layOut() throws IOException {
    home = folder.resolve("fovea home");
    root = folder.resolve("root");
    Files.createDirectories(home.resolve("conf"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(REPOSITORY.resolve("conf/java-options"), home.resolve("conf/java-options"));
    for (String name : List.of("fovea-spark-jobs-0.jar", "fovea-model-0.jar")) {
      try (OutputStream out = Files.newOutputStream(home.resolve("lib").resolve(name));
          JarOutputStream jar = new JarOutputStream(out)) {
        jar.setComment("empty");
      }
    }
  }

  private Registry registry() throws IOException {
    return Registry.at(
        new Configuration(),
        new org.apache.hadoop.fs.Path(root.resolve("registry").toUri()),
        warning -> {});
  }

  private Entry serving() throws IOException {
    return registry().serving().orElseThrow();
  }

  private static boolean python() {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
