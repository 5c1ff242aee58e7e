package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.training.averaging.OuterMomentum;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A run's settings by option name, as checkpoints keep them. */
final class RecordedSettings {
  private static final String GLOBAL_BATCH_SIZE = "global-batch-size";

  /** What decides how an epoch is cut into steps, beside the pictures and the seed. */
  private static final List<String> PLAN =
      List.of(
          "batch-size",
          GLOBAL_BATCH_SIZE,
          "gradient-accumulation-steps",
          "picture-weight",
          "crop-mode",
          "target-resolution");

  /** How many workers train, whether a number was asked for or not. */
  static final String EFFECTIVE_WORKERS = "effective-workers";

  private RecordedSettings() {}

  /** The settings that both stages have, and those that one of them adds. */
  static Map<String, String> of(RunSettings settings, Map<String, String> further) {
    Map<String, String> recorded = new TreeMap<>(further);
    recorded.put("target-resolution", String.valueOf(settings.pairs().targetResolution()));
    recorded.put("crop-mode", id(settings.pairs().cropMode()));
    recorded.put("downscaler", id(settings.pairs().downscaler()));
    recorded.put("flips", id(settings.pairs().flips()));
    recorded.put("brightness-jitter", String.valueOf(settings.pairs().brightness()));
    recorded.put("contrast-jitter", String.valueOf(settings.pairs().contrast()));
    recorded.put("saturation-jitter", String.valueOf(settings.pairs().saturation()));
    recorded.put("hue-jitter", String.valueOf(settings.pairs().hue()));
    recorded.put("picture-weight", id(settings.epochs().weight()));
    recorded.put(
        settings.epochs().sharing() == 1 ? "batch-size" : GLOBAL_BATCH_SIZE,
        String.valueOf(settings.epochs().batchSize()));
    recorded.put("gradient-accumulation-steps", String.valueOf(settings.epochs().accumulation()));
    recorded.put("num-epochs", String.valueOf(settings.budget().epochs()));
    settings
        .budget()
        .maxSteps()
        .ifPresent(steps -> recorded.put("max-steps", String.valueOf(steps)));
    settings
        .budget()
        .maxMinutes()
        .ifPresent(minutes -> recorded.put("max-minutes", String.valueOf(minutes)));
    recorded.put("learning-rate-schedule", id(settings.optimization().schedule()));
    recorded.put("max-gradient-norm", String.valueOf(settings.optimization().maxGradientNorm()));
    recorded.put(
        "averaging-frequency", String.valueOf(settings.parallelism().averagingFrequency()));
    if (!settings.parallelism().outer().equals(OuterMomentum.OFF)) {
      OuterMomentum outer = settings.parallelism().outer();
      recorded.put("outer-momentum", String.valueOf(outer.momentum()));
      recorded.put("outer-learning-rate", String.valueOf(outer.learningRate()));
    }
    settings
        .parallelism()
        .workers()
        .ifPresent(workers -> recorded.put("num-workers", String.valueOf(workers)));
    return recorded;
  }

  /** Whether a place within an epoch means the same under both. */
  static boolean samePlan(Map<String, String> one, Map<String, String> other) {
    boolean shared = one.containsKey(GLOBAL_BATCH_SIZE);
    return PLAN.stream().allMatch(name -> Objects.equals(one.get(name), other.get(name)))
        && one.containsKey("gradient-accumulation-steps")
        && (!shared || Objects.equals(one.get(EFFECTIVE_WORKERS), other.get(EFFECTIVE_WORKERS)));
  }

  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
