package dev.fovea.model.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;

/**
 * {@code training.json}: what is minimised and how, and where the run stands.
 *
 * @param loss what is minimised
 * @param adafactor the optimiser's settings
 * @param state where the run stands
 */
record TrainingFile(LossConfig loss, AdafactorConfig adafactor, TrainingState state) {
  static final String NAME = "training.json";

  private static final int VERSION = 1;
  private static final String OPTIMIZER = "adafactor";

  byte[] format() {
    ObjectNode root = StrictJson.create(VERSION);
    root.put("run_id", state.runId())
        .put("seed", state.seed())
        .put("epoch", state.epoch())
        .put("step_in_epoch", state.stepInEpoch())
        .put("step", state.step())
        .put("elapsed_minutes", state.elapsedMinutes());
    root.putObject("loss")
        .put("reconstruction", id(loss.reconstruction()))
        .put("tv_penalty", loss.tvPenalty());
    root.putObject("optimizer")
        .put("name", OPTIMIZER)
        .put("learning_rate", adafactor.learningRate())
        .put("beta2_decay", adafactor.beta2Decay())
        .put("eps2", adafactor.eps2())
        .put("clip_threshold", adafactor.clipThreshold())
        .put("weight_decay", adafactor.weightDecay());
    ObjectNode settings = root.putObject("settings");
    new TreeMap<>(state.settings()).forEach(settings::put);
    Provenance provenance = state.provenance();
    root.putObject("provenance")
        .put("fovea", provenance.fovea())
        .put("deeplearning4j", provenance.deeplearning4j())
        .put("spark", provenance.spark())
        .put("engine", provenance.engine())
        .put("precision", provenance.precision())
        .put("data_fingerprint", provenance.dataFingerprint());
    return StrictJson.format(root);
  }

  static TrainingFile parse(byte[] bytes) throws DamagedFileException {
    StrictJson root = StrictJson.parse(NAME, bytes, VERSION);
    try {
      TrainingFile file =
          new TrainingFile(
              loss(root.object("loss")),
              adafactor(root.object("optimizer")),
              new TrainingState(
                  root.text("run_id"),
                  root.integer("seed"),
                  (int) root.integer("epoch", 0, Integer.MAX_VALUE),
                  root.integer("step_in_epoch"),
                  root.integer("step"),
                  root.number("elapsed_minutes"),
                  root.texts("settings"),
                  provenance(root.object("provenance"))));
      root.end();
      return file;
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(NAME, e.getMessage(), e);
    }
  }

  private static LossConfig loss(StrictJson json) throws DamagedFileException {
    String id = json.text("reconstruction");
    ReconstructionLoss reconstruction =
        Arrays.stream(ReconstructionLoss.values())
            .filter(candidate -> id(candidate).equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "loss.reconstruction is '%s', not mse or l1".formatted(id)));
    LossConfig loss = new LossConfig(reconstruction, json.number("tv_penalty"));
    json.end();
    return loss;
  }

  private static AdafactorConfig adafactor(StrictJson json) throws DamagedFileException {
    String name = json.text("name");
    if (!name.equals(OPTIMIZER)) {
      throw new DamagedFileException(
          NAME, "optimizer.name is '%s', not '%s'".formatted(name, OPTIMIZER));
    }
    AdafactorConfig adafactor =
        new AdafactorConfig(
            json.number("learning_rate"),
            json.number("beta2_decay"),
            json.number("eps2"),
            json.number("clip_threshold"),
            json.number("weight_decay"));
    json.end();
    return adafactor;
  }

  private static Provenance provenance(StrictJson json) throws DamagedFileException {
    Provenance provenance =
        new Provenance(
            json.text("fovea"),
            json.text("deeplearning4j"),
            json.text("spark"),
            json.text("engine"),
            json.text("precision"),
            json.text("data_fingerprint"));
    json.end();
    return provenance;
  }

  private static String id(ReconstructionLoss loss) {
    return loss.name().toLowerCase(Locale.ROOT);
  }
}
