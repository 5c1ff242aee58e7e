package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.evaluation.measure.Bootstrap.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts the outcomes of all files together: means, comparisons, rejections; always in one order. */
final class ReportAssembly {
  private final List<Dataset> datasets;
  private final List<EvaluatedModel> models;
  private final List<Integer> ratios;
  private final Protocol protocol;
  private final Bootstrap bootstrap;
  private final List<Report.Result> results = new ArrayList<>();
  private final List<Report.Comparison> comparisons = new ArrayList<>();
  private final List<Report.Rejected> rejected = new ArrayList<>();

  ReportAssembly(
      List<Dataset> datasets,
      List<EvaluatedModel> models,
      List<Integer> ratios,
      Protocol protocol,
      Bootstrap bootstrap) {
    this.datasets = datasets;
    this.models = models;
    this.ratios = ratios;
    this.protocol = protocol;
    this.bootstrap = bootstrap;
  }

  /**
   * The report.
   *
   * @param outcomes one per file, in the order of the datasets and their files
   */
  Report report(
      List<PictureOutcome> outcomes, List<Report.Leak> leaks, Report.Provenance provenance) {
    int first = 0;
    for (Dataset dataset : datasets) {
      List<PictureOutcome> own = outcomes.subList(first, first + dataset.files().size());
      first += own.size();
      for (int ratio : ratios) {
        add(dataset, own, ratio);
      }
      for (int i = 0; i < own.size(); i++) {
        for (String reason : own.get(i).rejections()) {
          rejected.add(new Report.Rejected(dataset.name(), dataset.files().get(i).name(), reason));
        }
      }
    }
    List<Report.Model> listed =
        models.stream()
            .map(model -> new Report.Model(model.id(), model.checkpoint(), model.upscaleRatio()))
            .toList();
    return new Report(Report.VERSION, listed, results, comparisons, rejected, leaks, provenance);
  }

  private void add(Dataset dataset, List<PictureOutcome> outcomes, int ratio) {
    List<Integer> scored = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i).figures().containsKey(ratio)) {
        scored.add(i);
      }
    }
    if (scored.isEmpty()) {
      return;
    }
    List<String> ids = new ArrayList<>();
    models.stream().filter(m -> m.upscaleRatio() == ratio).forEach(m -> ids.add(m.id()));
    ids.add(Report.BICUBIC);
    for (String id : ids) {
      List<Report.Image> images = new ArrayList<>();
      List<Scores> scores = new ArrayList<>();
      for (int i : scored) {
        Scores each = outcomes.get(i).figures().get(ratio).get(id);
        scores.add(each);
        images.add(
            new Report.Image(
                dataset.files().get(i).name(),
                outcomes.get(i).sha256(),
                each.psnr(),
                each.ssim(),
                each.vif()));
      }
      Scores mean = Scores.mean(scores);
      results.add(
          new Report.Result(
              dataset.name(),
              protocol.id(),
              ratio,
              id,
              mean.psnr(),
              mean.ssim(),
              mean.vif(),
              images));
    }
    List<Map<String, Scores>> figures =
        scored.stream().map(i -> outcomes.get(i).figures().get(ratio)).toList();
    for (int a = 0; a < ids.size(); a++) {
      for (int b = a + 1; b < ids.size(); b++) {
        compare(dataset, ratio, ids.get(a), ids.get(b), figures);
      }
    }
  }

  /** The pictures of which both have the figure, or all if there are none. */
  private static List<Map<String, Scores>> compared(
      Metric metric, String a, String b, List<Map<String, Scores>> figures) {
    List<Map<String, Scores>> different =
        figures.stream()
            .filter(scores -> !scores.get(a).equal() && !scores.get(b).equal())
            .toList();
    return metric == Metric.PSNR && !different.isEmpty() ? different : figures;
  }

  private void compare(
      Dataset dataset, int ratio, String a, String b, List<Map<String, Scores>> figures) {
    for (Metric metric : Metric.values()) {
      double[] differences =
          compared(metric, a, b, figures).stream()
              .mapToDouble(scores -> metric.of(scores.get(a)) - metric.of(scores.get(b)))
              .toArray();
      Estimate estimate = bootstrap.mean(differences);
      comparisons.add(
          new Report.Comparison(
              a,
              b,
              dataset.name(),
              protocol.id(),
              ratio,
              metric.id(),
              estimate.mean(),
              estimate.ci95()));
    }
  }
}
