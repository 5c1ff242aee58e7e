package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.StagedFile;
import dev.fovea.jobs.upscaling.archive.Outcome.FileFacts;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import dev.fovea.jobs.upscaling.audit.BackProjection;
import dev.fovea.jobs.upscaling.audit.OutputReduction;
import dev.fovea.pictures.encode.PictureLayout;
import dev.fovea.pictures.encode.RowEncoder;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.resample.ImresizeBands;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes an output row by row, makes it appear whole, and reads it back to compare it with its
 * input. What fails is thrown as {@link FailedException}, which says that it was the output.
 */
final class OutputWriter implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final OutputTree tree;
  private final String name;
  private final TaskSetup setup;
  private final Picture low;
  private final PictureLayout layout;
  private final boolean readsBack;
  private final MessageDigest digest = Sha256.digest();
  private ImresizeBands rows;
  private StagedFile file;
  private RowEncoder encoder;

  OutputWriter(OutputTree tree, String name, TaskSetup setup, Picture low, PictureLayout layout) {
    this.tree = tree;
    this.name = name;
    this.setup = setup;
    this.low = setup.format().hasAlpha() ? low : OutputReduction.onWhite(low);
    this.layout = layout;
    long pixels = (long) low.width() * low.height();
    readsBack = HeapNeed.readBack(pixels, setup) <= HeapNeed.BUDGET.total();
  }

  /** The output could not be written or read back. */
  static final class FailedException extends IOException {
    private static final long serialVersionUID = 1;

    FailedException(String what, String name, IOException cause) {
      super("its output %s %s: %s".formatted(name, what, StagedFile.reason(cause)), cause);
    }
  }

  /** Writes the next rows. */
  void write(Picture band) throws IOException {
    try {
      if (encoder == null) {
        file = tree.create(name);
        encoder =
            setup.format().encoding().open(new DigestOutputStream(file.out(), digest), layout);
        rows =
            readsBack
                ? null
                : new ImresizeBands(layout.width(), layout.height(), low.width(), low.height());
      }
      if (rows != null) {
        rows.add(band);
      }
      encoder.write(band);
    } catch (IOException e) {
      throw new FailedException("cannot be written", name, e);
    }
  }

  /** Makes the output appear. */
  FileFacts finish() throws IOException {
    try {
      encoder.close();
      file.commit();
      OutputTree.Found found =
          tree.find(name).orElseThrow(() -> new IOException("it is not there once written"));
      return new FileFacts(
          name,
          found.length(),
          found.modified(),
          HexFormat.of().formatHex(digest.digest()),
          layout.width(),
          layout.height());
    } catch (IOException e) {
      throw new FailedException("cannot be written", name, e);
    }
  }

  /** Compares what can be read under the output's name with the input. */
  AuditFigures audit() throws IOException {
    if (rows != null) {
      Picture reduced = rows.finished();
      return BackProjection.compare(
              low,
              setup.format().hasAlpha() ? reduced : OutputReduction.onWhite(reduced),
              setup.upscaleRatio())
          .withBasis("rows");
    }
    try (InputStream in = tree.open(name)) {
      return audit(in, low, setup);
    } catch (IOException e) {
      throw new FailedException("cannot be read back", name, e);
    }
  }

  /**
   * Compares the bytes of an output with its input, laid on white where the format has no alpha.
   */
  static AuditFigures audit(InputStream in, Picture low, TaskSetup setup) throws IOException {
    Picture reduced =
        setup.format().kind() == OutputFormat.Kind.PNG
            ? OutputReduction.ofPng(new BufferedInputStream(in, BUFFER), low, setup.upscaleRatio())
            : OutputReduction.ofAny(in.readAllBytes(), low, setup.upscaleRatio());
    return BackProjection.compare(low, reduced, setup.upscaleRatio());
  }

  /** Without {@link #finish} nothing is left of the output. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
