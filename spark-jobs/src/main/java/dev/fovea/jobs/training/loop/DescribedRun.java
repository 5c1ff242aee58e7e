package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A run as its folder tells of it: every option that decides what comes out, by its name. */
final class DescribedRun {
  private DescribedRun() {}

  static RunDescription of(
      String id,
      RunSettings settings,
      Stage<?> stage,
      Provenance provenance,
      EngineOptions options,
      int workers) {
    Map<String, String> all = new TreeMap<>(RecordedSettings.of(settings, stage.recorded()));
    UpscalerConfig upscaler = stage.upscaler();
    all.put("upscale-ratio", String.valueOf(upscaler.upscaleRatio()));
    all.put("base-upscaler", id(upscaler.baseUpscaler()));
    all.put("num-channels", String.valueOf(upscaler.numChannels()));
    all.put("hidden-ratio", String.valueOf(upscaler.hiddenRatio()));
    all.put("num-layers", String.valueOf(upscaler.numLayers()));
    all.put("reconstruction-loss", id(settings.loss().reconstruction()));
    all.put("tv-penalty", String.valueOf(settings.loss().tvPenalty()));
    all.put("learning-rate", String.valueOf(settings.optimization().adafactor().learningRate()));
    all.put("rms-decay", String.valueOf(settings.optimization().adafactor().beta2Decay()));
    all.put("seed", String.valueOf(settings.epochs().seed()));
    all.put("train-images-path", settings.trainImages().toString());
    all.put("test-images-path", settings.testImages().toString());
    all.put("checkpoint-path", settings.checkpointing().path().toString());
    all.put("eval-interval", String.valueOf(settings.evalInterval()));
    all.put("num-workers", String.valueOf(workers));
    return new RunDescription(
        id,
        stage.command(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        all,
        Map.of(
            "fovea", provenance.fovea(),
            "deeplearning4j", provenance.deeplearning4j(),
            "spark", provenance.spark(),
            "engine", provenance.engine(),
            "precision", provenance.precision(),
            "device", options.device().toString(),
            "parameters", String.valueOf(upscaler.parameterCount()),
            "data-fingerprint", provenance.dataFingerprint()));
  }

  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
