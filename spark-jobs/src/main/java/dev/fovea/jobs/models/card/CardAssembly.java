package dev.fovea.jobs.models.card;

import dev.fovea.jobs.models.card.ModelCard.Quality;
import dev.fovea.jobs.models.card.ModelCard.Speed;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.Manifest;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Puts a card together. */
final class CardAssembly {
  private static final int WIDTH_720P = 1280;
  private static final int HEIGHT_720P = 720;

  private CardAssembly() {}

  static ModelCard of(
      ModelCard.Stored stored, Checkpoint checkpoint, List<Quality> quality, List<Speed> speed) {
    TrainingState state = checkpoint.state();
    return new ModelCard(
        ModelCard.VERSION,
        stored,
        network(checkpoint.upscaler().config()),
        training(checkpoint),
        new ModelCard.Data(
            state.provenance().dataFingerprint(), state.settings().get(TrainingState.DATA_TERMS)),
        quality,
        speed);
  }

  /** The files of a checkpoint as its manifest lists them. */
  static ModelCard.Stored stored(Path directory, Checkpoint checkpoint, Configuration hadoop)
      throws IOException {
    TreeMap<String, Long> files = new TreeMap<>();
    manifest(directory, hadoop).files().forEach((name, entry) -> files.put(name, entry.length()));
    return new ModelCard.Stored(directory.toString(), checkpoint.state().step(), files);
  }

  /** The directory of a checkpoint in a path of checkpoints, or of the one that the path is. */
  static Path directory(Path path, long step, Configuration hadoop) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    Path qualified = files.makeQualified(path);
    String name = String.format(Locale.ROOT, "step-%08d", step);
    return qualified.getName().equals(name) ? qualified : new Path(qualified, name);
  }

  private static Manifest manifest(Path directory, Configuration hadoop) throws IOException {
    FileSystem files = directory.getFileSystem(hadoop);
    return CheckpointFormat.readManifest(name -> files.open(new Path(directory, name)));
  }

  private static ModelCard.Network network(UpscalerConfig config) {
    long gains =
        config.numChannels()
            + (long) config.numLayers() * (config.hiddenChannels() + config.numChannels())
            + 3L * config.upscaleRatio() * config.upscaleRatio();
    return new ModelCard.Network(
        config.baseUpscaler().id(),
        config.upscaleRatio(),
        config.numChannels(),
        config.hiddenRatio(),
        config.numLayers(),
        config.parameterCount(),
        config.parameterCount() - gains,
        config.receptiveRadius(),
        config.multiplyAdds(
            HEIGHT_720P / config.upscaleRatio(), WIDTH_720P / config.upscaleRatio()));
  }

  private static ModelCard.Training training(Checkpoint checkpoint) {
    TrainingState state = checkpoint.state();
    Map<String, String> settings = new TreeMap<>(state.settings());
    settings.remove(TrainingState.DATA_TERMS);
    settings.remove(TrainingState.RUN_RECORD);
    settings.put(
        "reconstruction-loss", checkpoint.loss().reconstruction().name().toLowerCase(Locale.ROOT));
    settings.put("tv-penalty", Double.toString(checkpoint.loss().tvPenalty()));
    AdafactorConfig adafactor = checkpoint.adafactor();
    settings.put("learning-rate", Double.toString(adafactor.learningRate()));
    settings.put("rms-decay", Double.toString(adafactor.beta2Decay()));
    Provenance provenance = state.provenance();
    Map<String, String> madeBy = new TreeMap<>();
    madeBy.put("fovea", provenance.fovea());
    madeBy.put("deeplearning4j", provenance.deeplearning4j());
    madeBy.put("spark", provenance.spark());
    madeBy.put("engine", provenance.engine());
    madeBy.put("precision", provenance.precision());
    return new ModelCard.Training(
        state.runId(),
        state.seed(),
        state.epoch(),
        state.step(),
        state.elapsedMinutes(),
        settings,
        madeBy);
  }
}
