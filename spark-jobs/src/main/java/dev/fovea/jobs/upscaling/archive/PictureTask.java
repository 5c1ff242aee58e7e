package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.Outcome.FileFacts;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import dev.fovea.jobs.upscaling.single.BandedPicture;
import dev.fovea.jobs.upscaling.single.BandedPicture.Band;
import dev.fovea.jobs.upscaling.single.TileNetwork;
import dev.fovea.pictures.decode.Decoded;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.encode.PictureLayout;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.resample.ColourBleeding;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.security.AccessControlException;

/**
 * One picture from its bytes to its output: decoded on one thread, upscaled band by band on others,
 * written and read back on whichever finisher is free. It never stops the job: whatever goes wrong
 * with it is the reason of its rejection.
 */
final class PictureTask {
  /** Bands that the device works on while earlier ones are written. */
  private static final int BANDS_AHEAD = 2;

  /** The note on a picture that did not fit beside others. */
  static final String ALONE = "memory did not suffice beside other pictures";

  /** What of the heap a picture may count on. */
  enum Heap {
    /** What it is thought to need, beside other pictures. */
    SHARED,
    /** All of it; others wait. */
    ALONE
  }

  private final ArchiveItem item;
  private final ArchivePipeline pipeline;
  private final Heap heap;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final Map<Integer, Band> finished = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final long started = System.nanoTime();
  private FileFacts input;
  private BandedPicture banded;
  private OutputWriter writer;
  private HeapBudget.Held held;
  private int nextBand;
  private boolean writing;
  private boolean ended;
  private volatile boolean ranOutOfMemory;

  PictureTask(ArchiveItem item, ArchivePipeline pipeline, Heap heap) {
    this.item = item;
    this.pipeline = pipeline;
    this.heap = heap;
  }

  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /** Whether it was rejected for a lack of memory that it might not have alone. */
  boolean wantsToBeAlone() {
    return ranOutOfMemory && heap == Heap.SHARED;
  }

  /** Reads, decodes, and hands the first tiles to the device. */
  void begin() {
    try {
      if (heap == Heap.ALONE) {
        notes.add(ALONE);
        hold(HeapNeed.BUDGET.total());
      }
      Optional<Outcome> made = pipeline.earlier().unchanged(item, this::milliseconds);
      if (made.isPresent()) {
        end(made.get());
        return;
      }
      byte[] bytes = pipeline.bytes().read(item);
      String sha256 = Sha256.hex(bytes);
      made = pipeline.earlier().sameContent(item, sha256, this::milliseconds);
      if (made.isPresent()) {
        end(made.get());
        return;
      }
      PictureHeader header = PictureHeader.read(bytes);
      header.requireAtMost(
          pipeline.limits().pixels(), "; %s allows more".formatted(Setting.MAX_MEGAPIXELS));
      if (heap == Heap.SHARED) {
        hold(HeapNeed.of(header, bytes.length, pipeline.setup()));
      }
      TaskSetup setup = pipeline.setup();
      Decoded decoded =
          PictureDecoder.decode(bytes, pipeline.limits(), setup.colours(), setup.damage());
      upscale(decoded, bytes.length, sha256);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private void upscale(Decoded decoded, long length, String sha256) throws IOException {
    TaskSetup setup = pipeline.setup();
    notes.addAll(decoded.notes());
    if (decoded.animated() && setup.animations() == Animations.REJECT) {
      throw new RejectedPictureException(
          "it is an animation of %d frames; without %s reject the first is upscaled"
              .formatted(decoded.frames(), Setting.ANIMATIONS));
    }
    Picture low = ColourBleeding.underTransparency(decoded.picture());
    input = new FileFacts(item.path(), length, item.modified(), sha256, low.width(), low.height());
    int depth = setup.format().bitDepth(low.bitDepth());
    PictureLayout layout = layout(low, depth, setup.upscaleRatio());
    Optional<String> refusal = setup.format().encoding().refusal(layout);
    if (refusal.isPresent()) {
      throw new RejectedPictureException(
          "%dx%d pixels: %s".formatted(layout.width(), layout.height(), refusal.get()));
    }
    notes.addAll(setup.format().encoding().omissions(layout));
    HeapNeed.require(layout, setup.format());
    writer = new OutputWriter(pipeline.tree(), item.output(), setup, low, layout);
    banded =
        new BandedPicture(low, setup.upscaleRatio(), depth, pipeline.tiling(), this::bandFinished);
    pipeline.enter(banded, this);
    for (int band = 0; band < BANDS_AHEAD; band++) {
      pipeline.board().offerNextBand(banded);
    }
  }

  private static PictureLayout layout(Picture low, int depth, int ratio)
      throws RejectedPictureException {
    long width = (long) low.width() * ratio;
    long height = (long) low.height() * ratio;
    if (width > Integer.MAX_VALUE / 16 || height > Integer.MAX_VALUE / 16) {
      throw new RejectedPictureException(
          "%dx%d pixels would become %dx%d".formatted(low.width(), low.height(), width, height));
    }
    return new PictureLayout(
        (int) width,
        (int) height,
        depth,
        low.grey(),
        low.alpha().isPresent(),
        low.metadata().enlarged((int) width, (int) height, ratio));
  }

  /** Called by devices. */
  private void bandFinished(Band band) {
    synchronized (finished) {
      finished.put(band.index(), band);
      if (writing) {
        return;
      }
      writing = true;
    }
    pipeline.finish(this::write);
  }

  /** Writes what is finished, in order; one thread at a time. */
  private void write() {
    try {
      for (Band band = next(); band != null; band = next()) {
        writer.write(band.rows());
        pipeline.board().offerNextBand(banded);
        if (band.index() == banded.bands() - 1) {
          FileFacts output = writer.finish();
          AuditFigures audit = writer.audit();
          end(
              new Upscaled(
                  item.path(),
                  input,
                  output,
                  pipeline.setup().fingerprint(),
                  pipeline.execution(),
                  audit,
                  banded.halvings(),
                  notes,
                  milliseconds()));
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private Band next() {
    synchronized (finished) {
      Band band = ended ? null : finished.remove(nextBand);
      if (band == null) {
        writing = false;
      } else {
        nextBand++;
      }
      return band;
    }
  }

  /** Rejects the picture; whatever was begun is thrown away. */
  void fail(Throwable cause) {
    ranOutOfMemory = TileNetwork.isOutOfMemory(cause);
    end(new Rejected(item.path(), reason(cause), milliseconds()));
  }

  private void end(Outcome how) {
    synchronized (finished) {
      if (ended) {
        return;
      }
      ended = true;
    }
    if (banded != null) {
      banded.drop();
      pipeline.leave(banded);
    }
    if (writer != null) {
      writer.close();
    }
    if (held != null) {
      held.close();
    }
    outcome.complete(how);
  }

  private void hold(long bytes) throws InterruptedException {
    held = HeapNeed.BUDGET.take(bytes);
  }

  private long milliseconds() {
    return (System.nanoTime() - started) / 1_000_000;
  }

  static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof RejectedPictureException) {
      return message;
    }
    if (cause instanceof FileNotFoundException) {
      return "it cannot be read: there is no such file";
    }
    if (cause instanceof AccessControlException
        || cause instanceof java.nio.file.AccessDeniedException) {
      return "it may not be read or written: " + message;
    }
    if (cause instanceof OutputWriter.FailedException) {
      return message;
    }
    if (cause instanceof IOException) {
      return "it cannot be read: " + message;
    }
    if (cause instanceof OutOfMemoryError) {
      return "out of memory: " + message;
    }
    return "it cannot be upscaled: " + cause;
  }
}
