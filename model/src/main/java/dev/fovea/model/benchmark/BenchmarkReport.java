package dev.fovea.model.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measurements of one piece of work, as a table or as JSON. Ratios are to the slowest contender.
 *
 * @param subject what was measured on, such as the network and the batch
 * @param measurements one for each contender, at least one
 */
public record BenchmarkReport(String subject, List<Measurement> measurements) {
  public BenchmarkReport {
    measurements = List.copyOf(measurements);
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured on " + subject);
    }
  }

  /** A table for people, a line for each contender. */
  public String table() {
    StringBuilder table =
        new StringBuilder(
            "%s%n%-28s %-10s %12s %12s %8s%n"
                .formatted(subject, "contender", "work", "best ms", "median ms", "ratio"));
    for (Measurement m : measurements) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-28s %-10s %12.2f %12.2f %8.2f%n",
              m.contender(),
              m.work(),
              m.bestMillis(),
              m.medianMillis(),
              m.speedup(slowest())));
    }
    return table.toString();
  }

  /** {"subject", "machine", "measurements": [{contender, work, best_ms, median_ms, ratio}]}. */
  public String json() {
    List<Map<String, Object>> lines =
        measurements.stream()
            .map(
                m -> {
                  Map<String, Object> line = new LinkedHashMap<>();
                  line.put("contender", m.contender());
                  line.put("work", m.work());
                  line.put("best_ms", m.bestMillis());
                  line.put("median_ms", m.medianMillis());
                  line.put("turns", m.turns());
                  line.put("ratio", m.speedup(slowest()));
                  return line;
                })
            .toList();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("subject", subject);
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("measurements", lines);
    try {
      return new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Measurement slowest() {
    Measurement slowest = measurements.get(0);
    for (Measurement measurement : measurements) {
      slowest = measurement.bestMillis() > slowest.bestMillis() ? measurement : slowest;
    }
    return slowest;
  }
}
