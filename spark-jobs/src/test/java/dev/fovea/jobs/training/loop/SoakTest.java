package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training on two executors, one of which is killed at a random moment of every interval, has the
 * bits of training that nothing happened to.
 *
 * <p>System properties: {@code soak.minutes} of disturbed training at least (30), {@code
 * soak.interval} minutes between two kills (2), {@code soak.seed} of the moments (drawn).
 */
@Tag("long")
class SoakTest {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("soak.minutes", "30"));
  private static final double INTERVAL =
      Double.parseDouble(System.getProperty("soak.interval", "2"));
  private static final long SEED =
      Long.getLong("soak.seed", new Random().nextInt(Integer.MAX_VALUE));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void killedExecutorsChangeNoBit() throws Exception {
    Random moments = new Random(SEED);
    Path train = Photographs.write(folder.resolve("train"), 40, 64, 64);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    Path killed = folder.resolve("killed");
    Process driver = start(train, test, killed, "--max-minutes=" + MINUTES);
    int kills = 0;
    try {
      while (true) {
        long wait = Math.round(moments.nextDouble() * INTERVAL * 60_000);
        if (driver.waitFor(wait, TimeUnit.MILLISECONDS)) {
          break;
        }
        kills += killOneExecutor(driver, moments) ? 1 : 0;
        long rest = Math.round(INTERVAL * 60_000) - wait;
        if (driver.waitFor(rest, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    } finally {
      end(driver);
    }
    assertThat(driver.exitValue()).as(log(killed)).isZero();
    // A run that ends by time cuts its last round short, wherever that is: the last checkpoint
    // before
    // was written at the end of an epoch, as in every run.
    Path last = beforeTheLast(killed.resolve("checkpoint"));
    String steps = last.getFileName().toString().replaceAll("\\D+0*", "");

    Path whole = folder.resolve("whole");
    Process undisturbed = start(train, test, whole, "--max-steps=" + steps);
    undisturbed.waitFor();
    assertThat(undisturbed.exitValue()).as(log(whole)).isZero();

    System.out.printf(
        "soak: %s steps, %d executors killed, soak.seed %d, %s%n",
        steps, kills, SEED, sha256(last));
    assertThat(kills).as("executors killed").isPositive();
    assertThat(losses(killed)).as("losses by epoch").startsWith(losses(whole));
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(last.resolve(file))
          .hasSameBinaryContentAs(
              whole.resolve("checkpoint").resolve(last.getFileName()).resolve(file));
    }
  }

  private Process start(Path train, Path test, Path run, String budget) throws IOException {
    Files.createDirectories(run);
    Path home = Files.createDirectories(run.resolve("spark-home"));
    Files.createDirectories(home.resolve("jars"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + repository().resolve("conf/java-options"));
    command.addAll(
        List.of(
            "-Xmx768m",
            "-Dspark.testing=true",
            "-Dspark.test.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.fovea.jobs.cli.Fovea",
            "pretrain",
            "--master=local-cluster[2,1,1024]",
            "--spark-conf=spark.executor.memory=768m",
            "--spark-conf=spark.executorEnv.SPARK_SCALA_VERSION=" + LocalCluster.scalaVersion(),
            "--spark-conf=spark.executor.extraClassPath=" + System.getProperty("java.class.path"),
            "--spark-conf=spark.executor.extraJavaOptions=" + javaOptions(),
            // An executor may die again and again while the same task runs.
            "--spark-conf=spark.task.maxFailures=20",
            "--num-workers=2",
            "--averaging-frequency=4",
            "--train-images-path=" + train,
            "--test-images-path=" + test,
            "--checkpoint-path=" + run.resolve("checkpoint"),
            "--run-dir-path=" + run.resolve("run"),
            "--upscale-ratio=2",
            "--target-resolution=48",
            "--num-channels=8",
            "--num-layers=2",
            "--batch-size=2",
            "--gradient-accumulation-steps=1",
            "--num-dataset-processes=1",
            "--num-epochs=1000000",
            "--eval-interval=1000000",
            "--checkpoint-interval=5",
            "--seed=0",
            budget));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(run.resolve("log.txt").toFile())
        .start();
  }

  /** Kills one of the driver's executors, if there is one in this moment. */
  private static boolean killOneExecutor(Process driver, Random moments) {
    // The driver starts no other Java; its class path is too long for the command line to be told.
    List<ProcessHandle> executors =
        driver
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("java"))
            .toList();
    Optional<ProcessHandle> one =
        executors.isEmpty()
            ? Optional.empty()
            : Optional.of(executors.get(moments.nextInt(executors.size())));
    return one.map(ProcessHandle::destroyForcibly).orElse(false);
  }

  private static void end(Process driver) throws InterruptedException {
    List<ProcessHandle> below = driver.descendants().toList();
    driver.destroyForcibly().waitFor();
    below.forEach(ProcessHandle::destroyForcibly);
  }

  private static Path beforeTheLast(Path checkpoints) throws IOException {
    try (var steps = Files.list(checkpoints)) {
      List<Path> sorted =
          steps.filter(step -> step.getFileName().toString().startsWith("step-")).sorted().toList();
      return sorted.get(sorted.size() - 2);
    }
  }

  /** Step and loss of every epoch, in order; where two runs part is in the first that differs. */
  private static String[] losses(Path run) throws IOException {
    Pattern loss = Pattern.compile("\\{\"step\":(\\d+),.*\"train/loss\",\"value\":([^,]+),.*");
    try (var lines = Files.lines(run.resolve("run/metrics.jsonl"))) {
      return lines
          .map(loss::matcher)
          .filter(Matcher::matches)
          .map(line -> line.group(1) + ": " + line.group(2))
          .toArray(String[]::new);
    }
  }

  private static String sha256(Path step) throws Exception {
    byte[] model = Files.readAllBytes(step.resolve("model.safetensors"));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
  }

  private static String log(Path run) throws IOException {
    return Files.readString(run.resolve("log.txt"));
  }

  private static Path repository() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  private static String javaOptions() throws IOException {
    return String.join(
        " ",
        Files.readAllLines(repository().resolve("conf/java-options")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList());
  }
}
