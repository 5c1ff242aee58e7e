package dev.fovea.jobs.runs.page;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A figure's name for people.
 *
 * @param group where it belongs, such as {@code Test pictures}
 * @param text such as {@code Gradient norm}
 */
record FigureName(String group, String text) {
  private static final Map<String, String> WORDS =
      Map.of(
          "psnr", "PSNR (dB)",
          "ssim", "SSIM",
          "vif", "VIF",
          "tv", "Total variation",
          "reconstruction", "Reconstruction loss",
          "adversarial", "Adversarial loss",
          "waiting_share", "Waiting for data (share)");

  private static final Map<String, String> GROUPS =
      Map.of(
          "test", "Test pictures", "train", "Training", "critic", "Critic", "base", "Base model");

  /** Those that people look at first. */
  private static final List<String> FIRST =
      List.of(
          "test/psnr", "test/ssim", "test/vif", "train/loss", "train/reconstruction", "train/tv");

  /** Where a figure stands among others: the best known first, others as they come. */
  static int rank(String event) {
    int known = FIRST.indexOf(event);
    return known < 0 ? FIRST.size() : known;
  }

  /** That of an event's name, which has a slash between group and figure. */
  static FigureName of(String event) {
    int slash = event.indexOf('/');
    String group = slash < 0 ? "" : event.substring(0, slash);
    String figure = event.substring(slash + 1);
    if (figure.startsWith("critic_")) {
      return new FigureName("Critic", sentence(figure.substring("critic_".length())));
    }
    return new FigureName(
        GROUPS.getOrDefault(group, group.isEmpty() ? "Other" : sentence(group)),
        WORDS.getOrDefault(figure, sentence(figure)));
  }

  private static String sentence(String name) {
    String words = name.replace('_', ' ').replace('/', ' ');
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
