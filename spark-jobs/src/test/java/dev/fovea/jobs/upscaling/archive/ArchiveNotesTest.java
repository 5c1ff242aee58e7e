package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.upscaling.archive.ArchiveNotes.Owner;
import dev.fovea.jobs.upscaling.archive.Outcome.FileFacts;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs write down, read by those that follow. */
class ArchiveNotesTest {
  @TempDir private Path root;

  @Test
  void ofRunsWithinASecondTheLatestCounts() throws IOException {
    ArchiveNotes notes =
        new ArchiveNotes(new Configuration(), new org.apache.hadoop.fs.Path(root.toUri()));
    Owner owner = Owner.of(Map.of("tile", "128"));
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int millisecond = 0; millisecond < 20; millisecond++) {
      String run = ArchiveNotes.newRun(start.plusMillis(millisecond));
      String latest = ArchiveJson.line(made(millisecond));
      notes.begin(run, owner);
      notes.writePart(run, ArchiveNotes.partName(0), List.of(latest));

      assertThat(notes.made()).containsExactly(Map.entry("a.png", latest));
    }
  }

  private static Upscaled made(int number) {
    FileFacts input = new FileFacts("a.jpg", 100, number, "", 8, 8);
    FileFacts output = new FileFacts("a.png", 400, number, "", 16, 16);
    return new Upscaled("a.jpg", input, output, "settings", "cpu", null, 0, List.of(), number);
  }
}
