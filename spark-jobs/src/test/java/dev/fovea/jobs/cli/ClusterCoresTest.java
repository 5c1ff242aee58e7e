package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.training.loop.Photographs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executors of four cores, on a real master and real workers, train as eight workers. */
class ClusterCoresTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Milliseconds by which the driver may hear late that a task has ended and another begins. */
  private static final long HEARD_LATE = 50;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void eightWorkersOnTwoExecutorsTakeTurnsWithAllCoresOfOne() throws Exception {
    Path train = Photographs.write(folder.resolve("train"), 16, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    Path log = Files.createDirectory(folder.resolve("log"));
    Deque<Runnable> closing = new ArrayDeque<>();
    CommandRun run;
    try {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "pretrain",
                  "--master=" + LocalCluster.twoWorkers(4, closing::push),
                  "--num-workers=8",
                  "--averaging-frequency=1",
                  "--train-images-path=" + train,
                  "--test-images-path=" + test,
                  "--upscale-ratio=2",
                  "--target-resolution=32",
                  "--num-channels=4",
                  "--num-layers=1",
                  "--batch-size=1",
                  "--gradient-accumulation-steps=1",
                  "--num-epochs=1",
                  "--engine=nd4j",
                  "--checkpoint-path=" + folder.resolve("checkpoint"),
                  "--run-dir-path=" + folder.resolve("run"),
                  "--spark-conf=spark.eventLog.enabled=true",
                  "--spark-conf=spark.eventLog.compress=false",
                  "--spark-conf=spark.eventLog.dir=" + log.toUri()));
      LocalCluster.settingsOfExecutors()
          .forEach((name, value) -> arguments.add("--spark-conf=%s=%s".formatted(name, value)));
      run = LocalCluster.withHome(() -> CommandRun.of(arguments.toArray(String[]::new)));
    } finally {
      closing.forEach(Runnable::run);
    }

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("8 workers with the engine nd4j on auto in fp32, 4 threads each;");
    Map<String, List<Task>> tasks = tasks(log);
    assertThat(tasks).as("executors that worked").hasSizeBetween(1, 2).doesNotContainKey("driver");
    assertThat(tasks.values().stream().mapToInt(List::size).sum()).isGreaterThan(16);
    assertThat(tasks)
        .allSatisfy(
            (executor, ofIt) -> {
              for (int i = 1; i < ofIt.size(); i++) {
                assertThat(ofIt.get(i).begin())
                    .as("a second network in the JVM of executor %s", executor)
                    .isGreaterThan(ofIt.get(i - 1).end() - HEARD_LATE);
              }
            });
  }

  /** In milliseconds of the clock. */
  private record Task(long begin, long end) {}

  /** Those of each executor, in order. */
  private static Map<String, List<Task>> tasks(Path log) throws IOException {
    Map<String, List<Task>> tasks = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(log)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (!file.getFileName().toString().endsWith(".crc")) {
        for (String line : Files.readAllLines(file)) {
          JsonNode event = JSON.readTree(line);
          JsonNode task = event.path("Task Info");
          if (event.path("Event").asText().equals("SparkListenerTaskEnd")) {
            tasks
                .computeIfAbsent(task.get("Executor ID").asText(), id -> new ArrayList<>())
                .add(new Task(task.get("Launch Time").asLong(), task.get("Finish Time").asLong()));
          }
        }
      }
    }
    tasks.values().forEach(each -> each.sort(Comparator.comparingLong(Task::begin)));
    return tasks;
  }
}
