package dev.fovea.jobs.evaluation.measure;

import dev.fovea.pictures.fingerprint.FingerprintIndex;
import dev.fovea.pictures.fingerprint.PerceptualHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds evaluation pictures among those that models were trained on, also re-encoded, somewhat
 * resized, turned and mirrored. Models whose checkpoints have no fingerprints are passed over.
 */
final class LeakGuard {
  private LeakGuard() {}

  /** The matches: by model, then in the order of the files. */
  static List<Report.Leak> leaks(EvaluateJob.Plan plan, List<PictureOutcome> outcomes) {
    List<Dataset.File> files = plan.files();
    List<List<PerceptualHash>> hashes =
        outcomes.stream()
            .map(outcome -> outcome.hashes().stream().map(PerceptualHash::ofHex).toList())
            .toList();
    List<Report.Leak> leaks = new ArrayList<>();
    for (EvaluatedModel model : plan.models()) {
      if (model.training().isEmpty()) {
        continue;
      }
      FingerprintIndex index = new FingerprintIndex(model.training().get());
      IntStream.range(0, outcomes.size())
          .parallel()
          .filter(i -> !outcomes.get(i).sha256().isEmpty())
          .mapToObj(i -> leak(model, files.get(i), outcomes.get(i).sha256(), hashes.get(i), index))
          .flatMap(Optional::stream)
          .forEachOrdered(leaks::add);
    }
    return leaks;
  }

  private static Optional<Report.Leak> leak(
      EvaluatedModel model,
      Dataset.File file,
      String sha256,
      List<PerceptualHash> hashes,
      FingerprintIndex index) {
    return index
        .find(sha256, hashes)
        .map(
            match ->
                new Report.Leak(
                    model.id(),
                    file.dataset(),
                    file.name(),
                    match.kind().name().toLowerCase(Locale.ROOT),
                    match.fingerprint().name(),
                    match.distance()));
  }
}
