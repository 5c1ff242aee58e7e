package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import dev.fovea.jobs.upscaling.audit.OutputReduction;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.resample.ColourBleeding;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** Compares an output that is there with its input, and with what was recorded of it. */
final class AuditTask {
  /** The note on an output whose bytes are others than those that were written. */
  static final String CHANGED = "its bytes are not those that were written";

  private final ArchiveItem item;
  private final ArchivePipeline pipeline;
  private final long started = System.nanoTime();

  AuditTask(ArchiveItem item, ArchivePipeline pipeline) {
    this.item = item;
    this.pipeline = pipeline;
  }

  /** Skipped with new figures, or rejected where the output is missing or not the one recorded. */
  @SuppressWarnings("try") // the heap is held, not used by name
  Outcome run() {
    try {
      Optional<Upscaled> made = pipeline.earlier().recorded(item);
      Optional<OutputTree.Found> found = pipeline.tree().find(item.output());
      if (made.isEmpty()) {
        return rejected(
            found.isPresent() ? "no run has recorded its output" : "there is no output");
      }
      if (found.isEmpty()) {
        return rejected("its output %s is missing".formatted(item.output()));
      }
      byte[] bytes = pipeline.bytes().read(item);
      if (!Sha256.hex(bytes).equals(made.get().input().sha256())) {
        return rejected("its output is stale: the picture has changed since it was upscaled");
      }
      PictureHeader header = PictureHeader.read(bytes);
      long need = HeapNeed.of(header, bytes.length, pipeline.setup());
      try (HeapBudget.Held held = HeapNeed.BUDGET.take(need)) {
        return compare(made.get(), low(bytes));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return rejected("interrupted");
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return rejected(PictureTask.reason(e));
    }
  }

  private Picture low(byte[] bytes) throws RejectedPictureException {
    TaskSetup setup = pipeline.setup();
    Picture picture =
        ColourBleeding.underTransparency(
            PictureDecoder.decode(bytes, pipeline.limits(), setup.colours(), setup.damage())
                .picture());
    return setup.format().hasAlpha() ? picture : OutputReduction.onWhite(picture);
  }

  private Outcome compare(Upscaled made, Picture low) {
    MessageDigest digest = Sha256.digest();
    AuditFigures audit;
    try (InputStream in = new DigestInputStream(pipeline.tree().open(item.output()), digest)) {
      audit = OutputWriter.audit(in, low, pipeline.setup());
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      return rejected("its output %s is damaged: %s".formatted(item.output(), e.getMessage()));
    }
    Upscaled judged = made;
    if (!HexFormat.of().formatHex(digest.digest()).equals(made.output().sha256())) {
      judged = made.withNote(CHANGED);
    }
    // What is recorded of the output stays: a later run must see that this is another.
    return judged.skipped(made.output(), audit, milliseconds());
  }

  private Rejected rejected(String reason) {
    return new Rejected(item.path(), reason, milliseconds());
  }

  private long milliseconds() {
    return (System.nanoTime() - started) / 1_000_000;
  }
}
