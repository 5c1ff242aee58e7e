package dev.fovea.jobs.evaluation.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fovea.jobs.evaluation.measure.Choice;
import dev.fovea.jobs.evaluation.measure.Dataset;
import dev.fovea.jobs.evaluation.measure.EvaluateJob;
import dev.fovea.jobs.evaluation.measure.Evaluation;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.support.page.Html;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the page's scripts work on, as JSON. Names in it are for showing only. */
final class PageData {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final EvaluateJob.Plan plan;
  private final Evaluation evaluation;
  private final List<Shown> shown;
  private final List<Dataset.File> files;
  private final Map<String, Integer> fileIndices = new HashMap<>();
  private final Map<String, List<Double>> figures = new HashMap<>();

  PageData(Evaluation evaluation, List<Shown> shown) {
    this.evaluation = evaluation;
    this.plan = evaluation.plan();
    this.shown = shown;
    this.files = plan.files();
    for (int i = 0; i < files.size(); i++) {
      fileIndices.put(files.get(i).dataset() + "/" + files.get(i).name(), i);
    }
    for (Report.Result result : evaluation.report().results()) {
      for (Report.Image image : result.images()) {
        int file = fileIndices.get(result.dataset() + "/" + image.name());
        figures.put(
            key(file, result.upscaleRatio(), result.model()),
            List.of(
                rounded(image.psnr(), 1e4), rounded(image.ssim(), 1e6), rounded(image.vif(), 1e6)));
      }
    }
  }

  String json() {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode datasets = root.putArray("datasets");
    plan.datasets().forEach(dataset -> datasets.add(Html.visible(dataset.name())));
    ArrayNode ratios = root.putArray("ratios");
    for (int ratio : plan.ratios()) {
      ArrayNode labels = ratios.addObject().put("ratio", ratio).putArray("labels");
      plan.ids(ratio).forEach(id -> labels.add(Html.visible(id)));
    }
    rows(root.putArray("rows"));
    ObjectNode thumbs = root.putObject("thumbs");
    for (int i = 0; i < evaluation.thumbnails().size(); i++) {
      if (evaluation.thumbnails().get(i).length > 0) {
        thumbs.put(String.valueOf(i), dataUri("image/jpeg", evaluation.thumbnails().get(i)));
      }
    }
    ArrayNode pictures = root.putArray("shown");
    shown.forEach(each -> picture(pictures.addObject(), each));
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report cannot be written as JSON", e);
    }
  }

  private void rows(ArrayNode rows) {
    for (int ratio = 0; ratio < plan.ratios().size(); ratio++) {
      List<String> ids = plan.ids(plan.ratios().get(ratio));
      int file = 0;
      for (int dataset = 0; dataset < plan.datasets().size(); dataset++) {
        for (Dataset.File each : plan.datasets().get(dataset).files()) {
          if (figures.containsKey(key(file, plan.ratios().get(ratio), Report.BICUBIC))) {
            ObjectNode row = rows.addObject();
            row.put("dataset", dataset).put("ratio", ratio).put("file", file);
            row.put("name", Html.visible(each.name()));
            row.put("shown", indexOfShown(file, plan.ratios().get(ratio)));
            ArrayNode all = row.putArray("figures");
            for (String id : ids) {
              figures.get(key(file, plan.ratios().get(ratio), id)).forEach(all.addArray()::add);
            }
          }
          file++;
        }
      }
    }
  }

  private int indexOfShown(int file, int ratio) {
    for (int i = 0; i < shown.size(); i++) {
      if (shown.get(i).choice().file() == file && shown.get(i).choice().ratio() == ratio) {
        return i;
      }
    }
    return -1;
  }

  private void picture(ObjectNode node, Shown each) {
    Choice choice = each.choice();
    boolean models = plan.ids(choice.ratio()).size() > 1;
    Dataset.File file = files.get(choice.file());
    node.put("file", choice.file()).put("ratio", choice.ratio());
    node.put("name", Html.visible(file.name())).put("dataset", Html.visible(file.dataset()));
    node.put("width", each.width()).put("height", each.height());
    node.put("why", reason(choice, models));
    node.put(
        "figure",
        (models ? Figure.signed(choice.figure(), 2) : Figure.plain(choice.figure(), 2)) + " dB");
    each.window().forEach(node.withArray("/window")::add);
    ArrayNode sources = node.putArray("sources");
    for (Shown.Version version : each.versions()) {
      ObjectNode source = sources.addObject();
      source.put("kind", version.kind().id());
      source.put(
          "label",
          switch (version.kind()) {
            case ORIGINAL -> "original";
            case LOW -> "low resolution";
            case BICUBIC -> Report.BICUBIC;
            case MODEL -> Html.visible(version.id());
          });
      source.put("full", version.file()).put("crop", dataUri("image/webp", version.crop()));
      List<Double> scored = figures.get(key(choice.file(), choice.ratio(), version.id()));
      if (scored != null) {
        scored.forEach(source.putArray("figures")::add);
      }
    }
  }

  private static String reason(Choice choice, boolean models) {
    return switch (choice.reason()) {
      case GAIN -> models ? "Largest gain" : "Highest PSNR";
      case LOSS -> !models ? "Lowest PSNR" : choice.figure() < 0 ? "Largest loss" : "Smallest gain";
      case RANDOM -> "At random";
    };
  }

  private static String key(int file, int ratio, String model) {
    return file + " " + ratio + " " + model;
  }

  private static double rounded(double value, double scale) {
    return Math.rint(value * scale) / scale;
  }

  private static String dataUri(String type, byte[] bytes) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
