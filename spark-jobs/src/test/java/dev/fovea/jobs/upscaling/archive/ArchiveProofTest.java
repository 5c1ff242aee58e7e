package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.archive.ArchiveSummary.Outlier;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.jobs.upscaling.single.ModelChoice;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an archivist would ask for before trusting the job, on 2,000 pictures; takes many minutes.
 * Needs a trained model that upscales four times, named by the system property {@code
 * fovea.proof.checkpoint}.
 */
@Tag("long")
@TestMethodOrder(OrderAnnotation.class)
class ArchiveProofTest {
  private static final int PICTURES = Integer.getInteger("fovea.proof.pictures", 2000);
  private static final int PLANTED = 50;
  private static final int KILLS = 5;
  private static final int RATIO = 4;

  @TempDir static Path folder;

  @Test
  @Order(1)
  void anExecutorThatDiesInTheMiddleCostsNothing() throws Exception {
    Crops.write(folder.resolve("in"), PICTURES, 1);
    ArchiveSummary whole = run(folder.resolve("whole"), Mode.UPSCALE, false);
    assertThat(whole.upscaled()).isEqualTo(PICTURES);
    assertThat(whole.rejected()).isZero();
    System.out.println("undisturbed: " + whole);

    ArchiveSummary disturbed = run(folder.resolve("disturbed"), Mode.UPSCALE, true);

    System.out.println("one executor killed: " + disturbed);
    assertThat(disturbed.upscaled()).isEqualTo(PICTURES);
    OutputFiles.assertSameBytes(folder.resolve("disturbed"), folder.resolve("whole"));
    assertManifestIsComplete(folder.resolve("disturbed"));
  }

  @Test
  @Order(2)
  void aJobThatIsKilledFiveTimesEndsWithTheSameBytes() throws Exception {
    Path output = folder.resolve("killed");
    Random random = new Random(2);
    List<Integer> moments =
        random.ints(KILLS, 1, PICTURES * 9 / 10).sorted().boxed().collect(Collectors.toList());
    for (int moment : moments) {
      Process process = start(output);
      try {
        while (OutputFiles.of(output).size() < moment) {
          boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
          assertThat(ended).as(Files.readString(folder.resolve("log.txt"))).isFalse();
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      System.out.println("killed at " + OutputFiles.of(output).size() + " outputs");
    }
    Process last = start(output);
    assertThat(last.waitFor()).as(Files.readString(folder.resolve("log.txt"))).isZero();

    OutputFiles.assertSameBytes(output, folder.resolve("whole"));
    assertManifestIsComplete(output);
  }

  @Test
  @Order(3)
  void fiftyPlantedCorruptionsAreFoundAndNearlyNothingElse() throws Exception {
    Path output = folder.resolve("whole");
    List<String> names = new ArrayList<>(OutputFiles.of(output).keySet());
    Random random = new Random(3);
    List<Planted> kinds = List.of(Planted.values());
    Set<String> planted = new HashSet<>();
    while (planted.size() < PLANTED) {
      Planted kind = kinds.get(planted.size() % kinds.size());
      String name = names.get(random.nextInt(names.size()));
      String other = names.get(random.nextInt(names.size()));
      boolean fresh = !planted.contains(name) && !planted.contains(other) && !name.equals(other);
      if (fresh && kind.plant(output.resolve(name), output.resolve(other), 16 * RATIO, random)) {
        planted.add(name);
      }
    }

    ArchiveSummary audit = run(output, Mode.AUDIT, false);

    System.out.println("audit: threshold " + audit.auditThreshold());
    // Changed bytes alone would not count: a mistake of the job's own has the right checksum.
    Set<String> seen =
        audit.outliers().stream()
            .filter(one -> one.reason().matches(".*(differs|channels).*"))
            .map(Outlier::output)
            .collect(Collectors.toSet());
    audit.outliers().forEach(System.out::println);
    assertThat(seen).containsAll(planted);
    seen.removeAll(planted);
    System.out.println("false alarms: " + seen);
    assertThat(seen.size()).isLessThan(Math.max(1, PICTURES / 1000));
  }

  private static void assertManifestIsComplete(Path output) throws IOException {
    List<Outcome> manifest = OutputFiles.manifest(output);
    assertThat(manifest).hasSize(PICTURES);
    assertThat(manifest.stream().map(Outcome::path).distinct()).hasSize(PICTURES);
    assertThat(manifest).noneMatch(outcome -> outcome instanceof Outcome.Rejected);
  }

  private static ArchiveSummary run(Path output, Mode mode, boolean killOne) throws Exception {
    Configuration hadoop = new Configuration();
    ModelWeights model =
        new ModelSearch(hadoop, System.out::println)
            .weights(ModelChoice.ofCheckpoint(Optional.of(checkpoint())));
    ArchiveSettings settings =
        new ArchiveSettings(
            List.of(folder.resolve("in").toString()),
            Optional.empty(),
            output.toString(),
            ArchiveSettings.DEFAULT_NAME,
            new Style(
                OutputFormat.DEFAULT,
                ColourPolicy.KEEP,
                Animations.FIRST_FRAME,
                Damage.REJECT,
                Ensemble.NONE),
            new EngineChoice("auto", "cpu", "auto"),
            100,
            120,
            Existing.KEEP,
            mode);
    Console console =
        new Console(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            new Terminal(false, 80));
    ArchiveJob job = new ArchiveJob(hadoop, settings, model, console);
    AtomicBoolean over = new AtomicBoolean();
    Thread killer = new Thread(() -> killAnExecutor(output, over), "killer");
    try (JavaSparkContext spark =
        LocalCluster.executors(
            2,
            Map.of("spark.master", "local-cluster[2,1,3072]", "spark.executor.memory", "1024m"))) {
      if (killOne) {
        killer.start();
      }
      return job.run(spark);
    } finally {
      over.set(true);
      killer.join();
    }
  }

  /** As soon as half of the outputs are there. */
  private static void killAnExecutor(Path output, AtomicBoolean over) {
    try {
      while (!over.get() && OutputFiles.of(output).size() < PICTURES / 2) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      ProcessHandle executor =
          ProcessHandle.current()
              .descendants()
              .filter(
                  process -> process.info().commandLine().orElse("").contains("ExecutorBackend"))
              .findFirst()
              .orElseThrow();
      System.out.println("killing executor " + executor.pid());
      executor.destroyForcibly();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(Path output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + javaOptions());
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            "dev.fovea.jobs.cli.Fovea",
            "upscale",
            "--master=local[2]",
            "--device=cpu",
            "--images-path=" + folder.resolve("in"),
            "--checkpoint-path=" + checkpoint(),
            "--output-path=" + output,
            "--fail-on-rejected"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log.txt").toFile())
        .start();
  }

  private static String checkpoint() {
    String named = System.getProperty("fovea.proof.checkpoint", "");
    Assumptions.assumeFalse(
        named.isEmpty(), "skipped: -Dfovea.proof.checkpoint=FOLDER names a trained model");
    return named;
  }

  private static Path javaOptions() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return directory.resolve("conf/java-options");
  }
}
