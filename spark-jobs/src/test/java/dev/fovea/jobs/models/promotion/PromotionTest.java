package dev.fovea.jobs.models.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.evaluation.measure.Interval;
import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.measure.ReportFormat;
import dev.fovea.jobs.models.promotion.Promotion.Outcome;
import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromotionTest {
  private static final Configuration HADOOP = new Configuration();
  private static final PromotionRule RULE = new PromotionRule(Metric.PSNR, 0.05);

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();
  private List<Report.Leak> leaks = List.of();
  private Registry registry;
  private Promotion promotion;

  @BeforeEach
  void openRegistry() throws IOException {
    registry = Registry.at(HADOOP, hadoop("registry"), warnings::add);
    promotion = new Promotion(HADOOP, registry);
  }

  @Test
  void theFirstModelHasToBeatBicubic() throws IOException {
    checkpoint("first", "run-1", 1);
    report(Map.of("first", "run-1"), comparison("first", "bicubic", "Set5", 0.04, 2));

    assertThat(promote("first")).isInstanceOf(Outcome.Refused.class);
    assertThat(registry.serving()).isEmpty();

    report(Map.of("first", "run-1"), comparison("first", "bicubic", "Set5", 0.06, 2));

    assertThat(promote("first")).isInstanceOf(Outcome.Promoted.class);
    assertThat(registry.serving())
        .hasValueSatisfying(
            entry -> {
              assertThat(entry.number()).isEqualTo(1);
              assertThat(entry.runId()).isEqualTo("run-1");
              assertThat(entry.evidence()).hasSize(1);
            });
  }

  @Test
  void laterOnesHaveToBeatTheOneInServiceOnEveryDataset() throws IOException {
    serve("first", "run-1");
    checkpoint("second", "run-2", 2);
    Map<String, String> models = Map.of("old", "run-1", "new", "run-2");
    report(
        models,
        comparison("new", "bicubic", "Set5", 3, 4),
        comparison("new", "old", "Set5", 0.2, 0.4),
        comparison("new", "old", "Set14", -0.1, 0.4));

    assertThat(promote("second"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains("Set14"));

    report(
        models,
        comparison("new", "old", "Set5", 0.2, 0.4),
        comparison("old", "new", "Set14", -0.4, -0.1));

    assertThat(promote("second")).isInstanceOf(Outcome.Promoted.class);
    assertThat(registry.serving().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void promotingTwiceIsPromotingOnce() throws IOException {
    serve("first", "run-1");

    assertThat(promote("first")).isInstanceOf(Outcome.Serving.class);
    assertThat(registry.entries()).hasSize(1);
  }

  @Test
  void theRegistryKeepsItsOwnCopyOfTheCheckpoint() throws IOException {
    serve("first", "run-1");
    deleteAll(folder.resolve("first"));

    org.apache.hadoop.fs.Path serving =
        Registry.checkpoint(HADOOP, hadoop("registry"), warnings::add);

    assertThat(serving.toString()).endsWith("registry/models/run-1/step-00000007");
    assertThat(Files.exists(Path.of(serving.toUri().getPath(), "MANIFEST.json"))).isTrue();
  }

  @Test
  void rollingBackIsOneMoreNumber() throws IOException {
    serve("first", "run-1");
    checkpoint("second", "run-2", 2);
    report(Map.of("a", "run-1", "b", "run-2"), comparison("b", "a", "Set5", 1, 2));
    promote("second");

    promotion.rollBack(1);

    Entry serving = registry.serving().orElseThrow();
    assertThat(serving.number()).isEqualTo(3);
    assertThat(serving.runId()).isEqualTo("run-1");
    assertThat(promotion.rollBack(1)).isInstanceOf(Outcome.Serving.class);
    assertThatThrownBy(() -> promotion.rollBack(9))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--rollback-to '9'")
        .hasMessageContaining("[1, 2, 3]");
  }

  @Test
  void aDecisionWithoutItsCheckpointOrHalfWrittenIsPassedOver() throws IOException {
    serve("first", "run-1");
    Path second = folder.resolve("registry/000002.json");
    String first = Files.readString(folder.resolve("registry/000001.json"));
    Files.writeString(second, first.substring(0, 40));

    assertThat(registry.serving().orElseThrow().number()).isEqualTo(1);
    assertThat(registry.newest()).isEqualTo(2);
    assertThat(warnings)
        .last()
        .asString()
        .contains("is damaged", "number 2", "number 1, models/run-1");

    Files.write(second, new byte[0]);

    assertThat(registry.serving().orElseThrow().number()).isEqualTo(1);
    assertThat(warnings).anySatisfy(line -> assertThat(line).contains("the file is empty"));

    Files.writeString(
        second,
        first.replace("\"number\" : 1", "\"number\" : 2").replace("models/run-1", "models/gone"));

    assertThat(registry.serving().orElseThrow().number()).isEqualTo(1);
    assertThat(warnings)
        .anySatisfy(warning -> assertThat(warning).contains("000002.json", "models/gone"));

    checkpoint("second", "run-2", 2);
    report(Map.of("a", "run-1", "b", "run-2"), comparison("b", "a", "Set5", 1, 2));
    promote("second");

    assertThat(registry.serving().orElseThrow().number()).isEqualTo(3);
  }

  @Test
  void aModelPathThatLeavesTheRegistryIsNoDecision() throws IOException {
    serve("first", "run-1");
    String first = Files.readString(folder.resolve("registry/000001.json"));
    Files.writeString(
        folder.resolve("registry/000002.json"),
        first
            .replace("\"number\" : 1", "\"number\" : 2")
            .replace("models/run-1/", "models/../../first/"));

    assertThat(registry.serving().orElseThrow().number()).isEqualTo(1);
    assertThat(warnings).anySatisfy(warning -> assertThat(warning).contains("models/.."));
  }

  @Test
  void aCandidateThatHasSeenTheTestPicturesIsRefused() throws IOException {
    checkpoint("first", "run-1", 1);
    leaks = List.of(new Report.Leak("first", "Set5", "baby.png", "turned", "b.jpg", 3));
    report(Map.of("first", "run-1"), comparison("first", "bicubic", "Set5", 1, 2));

    assertThat(promote("first"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(
                        "it was trained on 1 picture it is measured with, such as baby.png of"
                            + " Set5"));

    leaks = List.of(new Report.Leak("other", "Set5", "baby.png", "turned", "b.jpg", 3));
    report(Map.of("first", "run-1"), comparison("first", "bicubic", "Set5", 1, 2));

    assertThat(promote("first")).isInstanceOf(Outcome.Promoted.class);
  }

  @Test
  void aReportOfOtherModelsIsOfNoUse() throws IOException {
    checkpoint("first", "run-1", 1);
    report(Map.of("other", "run-9"), comparison("other", "bicubic", "Set5", 1, 2));

    assertThatThrownBy(() -> promote("first"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--report-path")
        .hasMessageContaining("run-1, step 7");

    serve("first", "run-1");
    checkpoint("second", "run-2", 2);
    report(Map.of("new", "run-2"), comparison("new", "bicubic", "Set5", 1, 2));

    assertThatThrownBy(() -> promote("second"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("model in service (number 1")
        .hasMessageContaining("--checkpoint-path");
  }

  @Test
  void aRegistryWithoutAValidDecisionIsNoModel() throws IOException {
    Files.createDirectories(folder.resolve("registry"));
    Files.writeString(folder.resolve("registry/000001.json"), "{");

    assertThatThrownBy(() -> Registry.checkpoint(HADOOP, hadoop("registry"), warnings::add))
        .hasMessageContaining("no decision of the registry");
  }

  private void serve(String name, String run) throws IOException {
    if (!Files.exists(folder.resolve(name))) {
      checkpoint(name, run, 1);
    }
    report(Map.of(name, run), comparison(name, "bicubic", "Set5", 1, 2));
    assertThat(promote(name)).isInstanceOf(Outcome.Promoted.class);
  }

  private Outcome promote(String name) throws IOException {
    return promotion.promote(hadoop(name), hadoop("report"), RULE);
  }

  private void checkpoint(String name, String run, long seed) throws IOException {
    TestCheckpoints.save(
        folder.resolve(name), new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 2, 1, 1), seed, run);
  }

  private static Report.Comparison comparison(
      String a, String b, String dataset, double low, double high) {
    return new Report.Comparison(
        a, b, dataset, "y", 2, "psnr", (low + high) / 2, new Interval(low, high));
  }

  /** Writes a report on models, each the step 7 of a run. */
  private void report(Map<String, String> models, Report.Comparison... comparisons)
      throws IOException {
    TreeMap<String, java.util.SortedMap<String, String>> provenance = new TreeMap<>();
    models.forEach(
        (id, run) -> provenance.put(id, new TreeMap<>(Map.of("run_id", run, "step", "7"))));
    Report report =
        new Report(
            Report.VERSION,
            models.keySet().stream().map(id -> new Report.Model(id, id, 2)).toList(),
            List.of(),
            List.of(comparisons),
            List.of(),
            leaks,
            new Report.Provenance(
                new TreeMap<>(),
                new TreeMap<>(),
                provenance,
                new TreeMap<>(),
                "Linux",
                "2026-11-01T00:00:00Z",
                1));
    Files.createDirectories(folder.resolve("report"));
    Files.write(folder.resolve("report/report.json"), ReportFormat.write(report));
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
