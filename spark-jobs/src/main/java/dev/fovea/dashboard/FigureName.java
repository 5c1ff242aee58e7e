package dev.fovea.dashboard;

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
          "waiting_share", "Share of time waiting for data");

  private static final Map<String, String> GROUPS =
      Map.of(
          "test", "Test pictures", "train", "Training", "critic", "Critic", "base", "Base model");

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
