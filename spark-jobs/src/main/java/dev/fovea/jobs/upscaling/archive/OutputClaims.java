package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which outputs a job may write: those whose place is free, and those that a job of Fovea
 * wrote before. The names are noted before anything is written, so that a job that dies leaves no
 * output behind that the next one would take for somebody else's file.
 *
 * @param setup of the job
 * @param tree where the outputs go
 * @param notes where the names are noted
 */
record OutputClaims(TaskSetup setup, OutputTree tree, ArchiveNotes notes) {
  /**
   * Claims the outputs of a chunk.
   *
   * @return the outputs in whose place lies a file that no job of Fovea wrote
   */
  Set<String> begin(ArchiveChunk chunk) throws IOException {
    if (setup.mode() == Mode.AUDIT) {
      return Set.of();
    }
    String part = ArchiveNotes.partName(chunk.number());
    // An earlier attempt at this task may have written some of them.
    Set<String> begun = new HashSet<>(notes.begun(setup.run(), part));
    Set<String> foreign = new HashSet<>();
    List<String> claimed = new ArrayList<>(begun);
    for (ArchiveItem item : chunk.items()) {
      if (!item.earlier().isEmpty() || begun.contains(item.output())) {
        continue;
      }
      if (!setup.fresh() && setup.existing() == Existing.KEEP && tree.exists(item.output())) {
        foreign.add(item.output());
      } else {
        claimed.add(item.output());
      }
    }
    if (claimed.size() > begun.size()) {
      notes.writeBegun(setup.run(), part, claimed);
    }
    return foreign;
  }

  /** The outcome for a picture whose output is somebody else's file. */
  static Rejected refused(ArchiveItem item) {
    return new Rejected(
        item.path(),
        "at its output %s lies a file that no job of Fovea wrote; %s replaces it"
            .formatted(item.output(), Setting.OVERWRITE),
        0);
  }
}
