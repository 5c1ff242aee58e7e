package dev.fovea.jobs.evaluation.measure;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A picture that is worth looking at.
 *
 * @param file its index among the files of the plan
 * @param ratio the upscale ratio at which it is shown
 * @param reason why it was chosen
 * @param figure with models, how much more PSNR the first of them has than bicubic; else bicubic's
 *     PSNR
 */
public record Choice(int file, int ratio, Reason reason, double figure) implements Serializable {
  private static final int EXTREMES = 3;
  private static final int RANDOM = 4;

  /** Why a picture was chosen. */
  public enum Reason {
    GAIN,
    LOSS,
    RANDOM
  }

  /**
   * For each upscale ratio, those with models first, over all datasets: the {@value #EXTREMES}
   * pictures with the largest figure, as many with the smallest, and {@value #RANDOM} others drawn
   * by the seed.
   */
  public static List<Choice> of(EvaluateJob.Plan plan, Report report, long seed) {
    Map<String, Integer> indices = new HashMap<>();
    List<Dataset.File> files = plan.files();
    for (int i = 0; i < files.size(); i++) {
      indices.put(key(files.get(i).dataset(), files.get(i).name()), i);
    }
    List<Choice> choices = new ArrayList<>();
    List<Integer> modelsFirst = new ArrayList<>(plan.ratios());
    modelsFirst.sort(Comparator.comparing(ratio -> plan.ids(ratio).size() == 1));
    for (int ratio : modelsFirst) {
      choices.addAll(atRatio(figures(plan, report, ratio, indices), ratio, seed));
    }
    return choices;
  }

  /** What a picture is found by, given its dataset and its name. */
  private static String key(String dataset, String name) {
    return dataset + "/" + name;
  }

  private static Map<Integer, Double> figures(
      EvaluateJob.Plan plan, Report report, int ratio, Map<String, Integer> indices) {
    String first = plan.ids(ratio).get(0);
    Map<Integer, Double> figures = new LinkedHashMap<>();
    for (Report.Result result : report.results()) {
      if (result.upscaleRatio() != ratio) {
        continue;
      }
      for (Report.Image image : result.images()) {
        int index = indices.get(key(result.dataset(), image.name()));
        if (result.model().equals(first)) {
          figures.merge(index, image.psnr(), Double::sum);
        } else if (result.model().equals(Report.BICUBIC)) {
          figures.merge(index, -image.psnr(), Double::sum);
        }
      }
    }
    return figures;
  }

  private static List<Choice> atRatio(Map<Integer, Double> figures, int ratio, long seed) {
    List<Integer> left = new ArrayList<>(figures.keySet());
    left.sort(Comparator.<Integer>comparingDouble(i -> -figures.get(i)).thenComparing(i -> i));
    int extremes = Math.min(EXTREMES, Math.max(1, left.size() / 3));
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < extremes && !left.isEmpty(); i++) {
      int file = left.remove(0);
      choices.add(new Choice(file, ratio, Reason.GAIN, figures.get(file)));
    }
    List<Choice> losses = new ArrayList<>();
    for (int i = 0; i < extremes && !left.isEmpty(); i++) {
      int file = left.remove(left.size() - 1);
      losses.add(new Choice(file, ratio, Reason.LOSS, figures.get(file)));
    }
    choices.addAll(losses);
    left.sort(Comparator.naturalOrder());
    Random random = new Random(seed * 31 + ratio);
    for (int i = 0; i < RANDOM && !left.isEmpty(); i++) {
      int file = left.remove(random.nextInt(left.size()));
      choices.add(new Choice(file, ratio, Reason.RANDOM, figures.get(file)));
    }
    return choices;
  }
}
