package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerImageCsvTest {
  @ParameterizedTest
  @ValueSource(strings = {"=cmd|' /C calc'!A0.png", "+1.png", "-1.png", "@a.png", "\ta", "\ra\n"})
  void aNameIsNeverAFormula(String name) {
    Report.Image image = new Report.Image(name, "00", 1, 1, 1);
    Report.Result result = new Report.Result(name, "y", 2, name, 1, 1, 1, List.of(image));
    Report report =
        new Report(Report.VERSION, List.of(), List.of(result), List.of(), List.of(), null);

    String line = new String(PerImageCsv.write(report), StandardCharsets.UTF_8).split("\r\n", 2)[1];

    assertThat(line)
        .startsWith("\"'" + name + "\",y,2,\"'" + name + "\",")
        .contains(",\"'" + name + "\",00,");
  }
}
