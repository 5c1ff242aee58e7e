package dev.fovea.jobs.upscaling.archive;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import java.util.ArrayList;
import java.util.List;

/** What became of one input; a line of the manifest. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Upscaled.class, name = "upscaled"),
  @JsonSubTypes.Type(value = Outcome.Skipped.class, name = "skipped"),
  @JsonSubTypes.Type(value = Outcome.Rejected.class, name = "rejected")
})
public sealed interface Outcome {
  /** The input, a fully qualified path; for a row of a shard the path of the picture in it. */
  String path();

  /** How long it took. */
  long milliseconds();

  /**
   * A file as it was found or left.
   *
   * @param path fully qualified for an input, below the output root for an output
   * @param length bytes
   * @param modified milliseconds since 1970, 0 where it is not known
   * @param sha256 of the bytes, 64 hexadecimal digits
   * @param width pixels, after orientation
   * @param height pixels, after orientation
   */
  record FileFacts(String path, long length, long modified, String sha256, int width, int height) {}

  /**
   * The input has been upscaled.
   *
   * @param settings fingerprint of everything that determines the output, but the execution
   * @param execution what computed, such as {@code torch cpu bf16}
   * @param audit how far the output, made smaller again, is from the input
   * @param halvings how often memory did not suffice for its tiles
   * @param notes what was left out or changed
   */
  record Upscaled(
      String path,
      FileFacts input,
      FileFacts output,
      String settings,
      String execution,
      AuditFigures audit,
      int halvings,
      List<String> notes,
      long milliseconds)
      implements Outcome {
    public Upscaled {
      notes = notes == null ? List.of() : List.copyOf(notes);
    }

    Upscaled withNote(String note) {
      List<String> more = new ArrayList<>(notes);
      more.add(note);
      return new Upscaled(
          path, input, output, settings, execution, audit, halvings, more, milliseconds);
    }

    Skipped skipped(FileFacts outputNow, AuditFigures auditNow, long took) {
      return new Skipped(
          path, input, outputNow, settings, execution, auditNow, halvings, notes, took);
    }
  }

  /** The output was there already: of the same content, settings, engine and precision. */
  record Skipped(
      String path,
      FileFacts input,
      FileFacts output,
      String settings,
      String execution,
      AuditFigures audit,
      int halvings,
      List<String> notes,
      long milliseconds)
      implements Outcome {
    public Skipped {
      notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** What the run that made it said of it. */
    Upscaled made() {
      return new Upscaled(
          path, input, output, settings, execution, audit, halvings, notes, milliseconds);
    }
  }

  /**
   * There is no output.
   *
   * @param reason in one line
   */
  record Rejected(String path, String reason, long milliseconds) implements Outcome {
    public Rejected {
      reason = String.join(" ", String.valueOf(reason).strip().split("\\s*\\R\\s*", -1));
    }
  }
}
