package dev.fovea.jobs.evaluation.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fovea.jobs.support.json.StrictRecords;
import java.io.IOException;

/** {@link Report} as strict JSON: what is not exactly one is refused. */
public final class ReportFormat {
  public static final String FILE_NAME = "report.json";

  private ReportFormat() {}

  public static byte[] write(Report report) {
    return StrictRecords.write(report);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException saying in one line what is wrong and where
   */
  public static Report read(byte[] json) throws IOException {
    try {
      return StrictRecords.read(json, Report.class);
    } catch (JsonProcessingException e) {
      throw new IOException("not a report: " + StrictRecords.fault(e), e);
    }
  }
}
