package dev.fovea.model.shipped;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.ConfigFile;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.exchange.ReferenceWeights;
import dev.fovea.model.exchange.UntrainedOptimizer;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A trained upscaler that comes with Fovea. Its folder among the resources holds {@code
 * config.json} and {@code model.safetensors} in the layout of the PyTorch reference, as {@code
 * fovea export} writes them, and {@code card.json}. Immutable; nothing is kept in memory.
 *
 * @param name its folder, such as {@code x4-quality}
 * @param config the network's shape
 * @param card who trained it on what, and what was measured
 */
public record ShippedModel(String name, UpscalerConfig config, ShippedModelCard card) {
  private static final String INDEX = "models";
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String CARD = "card.json";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The size that is taken where none is named. */
  public static final String QUALITY = "quality";

  /** All shipped models, in the order of the index. */
  public static List<ShippedModel> all() {
    return text(INDEX).lines().filter(line -> !line.isBlank()).map(ShippedModel::open).toList();
  }

  /** The model of a name such as {@code x4-quality}, if there is one. */
  public static Optional<ShippedModel> named(String name) {
    return all().stream().filter(model -> model.name.equals(name)).findFirst();
  }

  /**
   * The model of a size for an upscale ratio, if there is one.
   *
   * @param size {@code quality} or {@code fast}
   */
  public static Optional<ShippedModel> of(int upscaleRatio, String size) {
    return all().stream()
        .filter(model -> model.config.upscaleRatio() == upscaleRatio)
        .filter(model -> model.card.size().equals(size))
        .findFirst();
  }

  /** Reads the weights; the parameters, [1, P], are owned by the caller. */
  public TrainedUpscaler upscaler() throws IOException {
    byte[] weights = bytes(name + "/" + WEIGHTS);
    return ReferenceWeights.read(
        config, name + "/" + WEIGHTS, new ByteArrayInputStream(weights), weights.length);
  }

  /** A checkpoint from which training can start, with an optimiser that remembers nothing. */
  public Checkpoint checkpoint() throws IOException {
    Map<String, String> settings = new TreeMap<>(card.settings());
    settings.put("trained-by", card.trainedBy());
    settings.put(TrainingState.DATA_TERMS, card.terms());
    return new Checkpoint(
        upscaler(),
        new LossConfig(ReconstructionLoss.L1, 0),
        AdafactorConfig.of(1e-2, -0.8),
        UntrainedOptimizer.state(config),
        new TrainingState(
            "shipped-" + name,
            0,
            0,
            0,
            card.step(),
            card.minutes(),
            settings,
            new Provenance("-", "-", "-", card.program(), "-", card.data())));
  }

  /** Bytes of the weights as they are stored. */
  public long storedBytes() {
    return bytes(name + "/" + WEIGHTS).length;
  }

  private static ShippedModel open(String name) {
    try {
      return new ShippedModel(
          name,
          ConfigFile.parseReference(name + "/" + CONFIG, bytes(name + "/" + CONFIG)),
          MAPPER.readValue(bytes(name + "/" + CARD), ShippedModelCard.class));
    } catch (IOException e) {
      throw new UncheckedIOException("shipped model %s is damaged".formatted(name), e);
    }
  }

  private static String text(String resource) {
    return new String(bytes(resource), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = ShippedModel.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException("resource %s is missing".formatted(resource));
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
