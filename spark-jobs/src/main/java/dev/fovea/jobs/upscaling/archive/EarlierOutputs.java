package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.upscaling.archive.Outcome.FileFacts;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells which outputs are there already: of the same content, settings, engine and precision, and
 * as they were left. Lengths and times decide where they are as recorded; otherwise contents are
 * compared.
 */
final class EarlierOutputs {
  private final OutputTree tree;
  private final String fingerprint;
  private final String execution;

  EarlierOutputs(OutputTree tree, String fingerprint, String execution) {
    this.tree = tree;
    this.fingerprint = fingerprint;
    this.execution = execution;
  }

  /** What an earlier run recorded of an item, if the settings were the same. */
  Optional<Upscaled> recorded(ArchiveItem item) {
    if (item.earlier().isEmpty()) {
      return Optional.empty();
    }
    return ArchiveJson.parse(item.earlier(), Outcome.class)
        .map(
            outcome ->
                outcome instanceof Skipped skipped
                    ? skipped.made()
                    : outcome instanceof Upscaled made ? made : null)
        .filter(
            made ->
                made.settings().equals(fingerprint) && made.output().path().equals(item.output()));
  }

  /** The outcome, if the input is the file it was then, going by its path, length and time. */
  Optional<Outcome> unchanged(ArchiveItem item, LongSupplier milliseconds) throws IOException {
    Optional<Upscaled> made = recorded(item);
    if (made.isEmpty()
        || item.inShard()
        || !made.get().input().path().equals(item.path())
        || made.get().input().length() != item.length()
        || made.get().input().modified() != item.modified()) {
      return Optional.empty();
    }
    return whole(made.get(), milliseconds);
  }

  /** The outcome, if the input has the content it had then. */
  Optional<Outcome> sameContent(ArchiveItem item, String sha256, LongSupplier milliseconds)
      throws IOException {
    Optional<Upscaled> made = recorded(item);
    if (made.isEmpty() || !made.get().input().sha256().equals(sha256)) {
      return Optional.empty();
    }
    return whole(made.get(), milliseconds);
  }

  private Optional<Outcome> whole(Upscaled made, LongSupplier milliseconds) throws IOException {
    if (!made.execution().equals(execution)) {
      return Optional.empty();
    }
    FileFacts then = made.output();
    Optional<OutputTree.Found> now = tree.find(then.path());
    if (now.isEmpty() || now.get().length() != then.length()) {
      return Optional.empty();
    }
    if (now.get().modified() != then.modified() && !sha256(then.path()).equals(then.sha256())) {
      return Optional.empty();
    }
    FileFacts facts =
        new FileFacts(
            then.path(),
            then.length(),
            now.get().modified(),
            then.sha256(),
            then.width(),
            then.height());
    return Optional.of(made.skipped(facts, made.audit(), milliseconds.getAsLong()));
  }

  private String sha256(String name) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(tree.open(name), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
