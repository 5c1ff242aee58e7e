package dev.fovea.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fovea.config.BaseUpscaler;
import dev.fovea.config.CriticConfig;
import dev.fovea.config.UpscalerConfig;
import java.util.Optional;

/**
 * {@code config.json}: the shapes of the networks.
 *
 * @param upscaler the upscaler's shape
 * @param critic the critic's shape; empty in stage 1
 */
record ConfigFile(UpscalerConfig upscaler, Optional<CriticConfig> critic) {
  static final String NAME = "config.json";

  private static final int VERSION = 1;

  /**
   * Far beyond any network that could be trained, and small enough to count parameters in longs.
   */
  private static final int MOST = 1 << 16;

  byte[] format() {
    ObjectNode root = StrictJson.create(VERSION);
    root.put("base_upscaler", upscaler.baseUpscaler().id())
        .put("upscale_ratio", upscaler.upscaleRatio())
        .put("num_channels", upscaler.numChannels())
        .put("hidden_ratio", upscaler.hiddenRatio())
        .put("num_layers", upscaler.numLayers());
    critic.ifPresent(
        config -> {
          ObjectNode object = root.putObject("critic");
          object.put("num_channels", config.numChannels());
          config.blocks().forEach(object.putArray("blocks")::add);
        });
    return StrictJson.format(root);
  }

  static ConfigFile parse(byte[] bytes) throws DamagedFileException {
    StrictJson root = StrictJson.parse(NAME, bytes, VERSION);
    String baseUpscaler = root.text("base_upscaler");
    int upscaleRatio = (int) root.integer("upscale_ratio", 1, MOST);
    int numChannels = (int) root.integer("num_channels", 1, MOST);
    int hiddenRatio = (int) root.integer("hidden_ratio", 1, MOST);
    int numLayers = (int) root.integer("num_layers", 1, MOST);
    Optional<StrictJson> critic = root.optionalObject("critic");
    try {
      ConfigFile file =
          new ConfigFile(
              new UpscalerConfig(
                  BaseUpscaler.of(baseUpscaler), upscaleRatio, numChannels, hiddenRatio, numLayers),
              critic.isPresent() ? Optional.of(critic(critic.get())) : Optional.empty());
      root.end();
      return file;
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(NAME, e.getMessage(), e);
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
