package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportFormatTest {
  private static final Report REPORT =
      new Report(
          1,
          List.of(new Report.Model("quality", "checkpoints/quality", 4)),
          List.of(
              new Report.Result(
                  "Set5",
                  "y",
                  4,
                  "quality",
                  31.5,
                  0.885,
                  0.61,
                  List.of(new Report.Image("<b>\"x\"\n.png", "ab12", 31.5, 0.885, 0.61)))),
          List.of(
              new Report.Comparison(
                  "quality", "bicubic", "Set5", "y", 4, "psnr", 3.1, new Interval(2.5, 3.6))),
          List.of(new Report.Rejected("Set5", "notes.txt", "not a picture")),
          List.of(new Report.Leak("quality", "Set5", "a.png", "turned", "b.png", 12)),
          new Report.Provenance(
              new TreeMap<>(Map.of("fovea", "0.1.0")),
              new TreeMap<>(Map.of("protocol", "y")),
              new TreeMap<>(Map.of("quality", new TreeMap<>(Map.of("step", "120")))),
              new TreeMap<>(Map.of("Set5", "cd34")),
              new TreeMap<>(Map.of("name", "nd4j")),
              "Linux 6.1 amd64",
              "2026-11-01T00:00:00Z",
              1.5));

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    assertThat(ReportFormat.read(ReportFormat.write(REPORT))).isEqualTo(REPORT);
  }

  @Test
  void keysAreThoseOfVersionOne() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ReportFormat.write(REPORT));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "version", "models", "results", "comparisons", "rejected", "leaks", "provenance");
    assertThat(json.get("version").intValue()).isEqualTo(1);
    assertThat(json.at("/models/0").fieldNames())
        .toIterable()
        .containsExactly("id", "checkpoint", "upscale_ratio");
    assertThat(json.at("/results/0").fieldNames())
        .toIterable()
        .containsExactly(
            "dataset", "protocol", "upscale_ratio", "model", "psnr", "ssim", "vif", "images");
    assertThat(json.at("/results/0/images/0").fieldNames())
        .toIterable()
        .containsExactly("name", "sha256", "psnr", "ssim", "vif");
    assertThat(json.at("/comparisons/0").fieldNames())
        .toIterable()
        .containsExactly(
            "a", "b", "dataset", "protocol", "upscale_ratio", "metric", "mean", "ci95");
    assertThat(json.at("/comparisons/0/ci95").toString()).isEqualTo("[2.5,3.6]");
    assertThat(json.at("/rejected/0").fieldNames())
        .toIterable()
        .containsExactly("dataset", "name", "reason");
  }

  @Test
  void anotherVersionIsRefused() {
    assertRefused("\"version\" : 1", "\"version\" : 2", "report version 2 is not 1");
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertRefused("\"version\" : 1", "\"version\" : 1, \"extra\" : 0", "\"extra\"");
  }

  @Test
  void aMissingKeyIsRefused() {
    assertRefused("\"a\" : \"quality\",", "", "'a'");
  }

  @Test
  void aDoubledKeyIsRefused() {
    assertRefused("\"version\" : 1", "\"version\" : 1, \"version\" : 1", "Duplicate field");
  }

  private static void assertRefused(String found, String replacement, String reason) {
    String json = new String(ReportFormat.write(REPORT), StandardCharsets.UTF_8);
    assertThat(json).contains(found);
    byte[] changed = json.replace(found, replacement).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> ReportFormat.read(changed))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("not a report: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }
}
