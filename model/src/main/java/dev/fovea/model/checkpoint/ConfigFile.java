package dev.fovea.model.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Optional;

/**
 * {@code config.json}: the shapes of the networks. A checkpoint's says its version; the PyTorch
 * reference's has the upscaler's keys without one.
 *
 * @param upscaler the upscaler's shape
 * @param critic the critic's shape; empty in stage 1
 */
public record ConfigFile(UpscalerConfig upscaler, Optional<CriticConfig> critic) {
  static final String NAME = "config.json";

  private static final int VERSION = 1;

  /**
   * Far beyond any network that could be trained, and small enough to count parameters in longs.
   */
  private static final int MOST = 1 << 16;

  byte[] format() {
    ObjectNode root = put(upscaler, StrictJson.create(VERSION));
    critic.ifPresent(
        config -> {
          ObjectNode object = root.putObject("critic");
          object.put("num_channels", config.numChannels());
          config.blocks().forEach(object.putArray("blocks")::add);
        });
    return StrictJson.format(root);
  }

  /** The content of the PyTorch reference's file. */
  public static byte[] formatReference(UpscalerConfig config) {
    return StrictJson.format(put(config, StrictJson.create()));
  }

  private static ObjectNode put(UpscalerConfig config, ObjectNode root) {
    return root.put("base_upscaler", config.baseUpscaler().id())
        .put("upscale_ratio", config.upscaleRatio())
        .put("num_channels", config.numChannels())
        .put("hidden_ratio", config.hiddenRatio())
        .put("num_layers", config.numLayers());
  }

  static ConfigFile parse(byte[] bytes) throws DamagedFileException {
    return parse(NAME, StrictJson.parse(NAME, bytes, VERSION));
  }

  /**
   * Reads the upscaler's shape from the PyTorch reference's file, or from a checkpoint's.
   *
   * @param file its name, for messages
   * @throws DamagedFileException if it is neither
   */
  public static UpscalerConfig parseReference(String file, byte[] bytes)
      throws DamagedFileException {
    StrictJson root = StrictJson.parse(file, bytes);
    if (root.keys().contains("version")) {
      root = StrictJson.parse(file, bytes, VERSION);
    }
    return parse(file, root).upscaler();
  }

  private static ConfigFile parse(String file, StrictJson root) throws DamagedFileException {
    String baseUpscaler = root.text("base_upscaler");
    int upscaleRatio = (int) root.integer("upscale_ratio", 1, MOST);
    int numChannels = (int) root.integer("num_channels", 1, MOST);
    int hiddenRatio = (int) root.integer("hidden_ratio", 1, MOST);
    int numLayers = (int) root.integer("num_layers", 1, MOST);
    Optional<StrictJson> critic = root.optionalObject("critic");
    try {
      ConfigFile shapes =
          new ConfigFile(
              new UpscalerConfig(
                  BaseUpscaler.of(baseUpscaler), upscaleRatio, numChannels, hiddenRatio, numLayers),
              critic.isPresent() ? Optional.of(critic(critic.get())) : Optional.empty());
      root.end();
      return shapes;
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(file, e.getMessage(), e);
    }
  }

  private static CriticConfig critic(StrictJson json) throws DamagedFileException {
    CriticConfig config =
        new CriticConfig(
            (int) json.integer("num_channels", 1, MOST), json.integers("blocks", 1, MOST));
    json.end();
    return config;
  }
}
