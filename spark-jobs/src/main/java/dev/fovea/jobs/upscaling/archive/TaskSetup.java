package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import java.io.Serializable;

/**
 * What all tasks of a job are told.
 *
 * @param run id of the run
 * @param output the output root, fully qualified
 * @param fingerprint of the settings
 * @param limits what a picture may cost; what costs more is rejected
 * @param existing what becomes of files that are in an output's place
 * @param fresh whether the output root was empty when the job began
 */
record TaskSetup(
    String run,
    String output,
    String fingerprint,
    OutputFormat format,
    ColourPolicy colours,
    Animations animations,
    Damage damage,
    Ensemble ensemble,
    Mode mode,
    EngineChoice engine,
    int upscaleRatio,
    Limits limits,
    Existing existing,
    boolean fresh)
    implements Serializable {
  static TaskSetup of(
      String run,
      String output,
      String fingerprint,
      ArchiveSettings settings,
      UpscalerConfig model,
      boolean fresh) {
    return new TaskSetup(
        run,
        output,
        fingerprint,
        settings.style().format(),
        settings.style().colours(),
        settings.style().animations(),
        settings.style().damage(),
        settings.style().ensemble(),
        settings.mode(),
        settings.engine(),
        model.upscaleRatio(),
        settings.limits(),
        settings.existing(),
        fresh);
  }
}
