package dev.fovea.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fovea.config.BaseUpscaler;
import dev.fovea.config.UpscalerConfig;

/**
 * {@code config.json}: the upscaler's shape. A checkpoint's says its version; the PyTorch
 * reference's has the same keys without one.
 */
public final class ConfigFile {
  static final String NAME = "config.json";

  private static final int VERSION = 1;

  /**
   * Far beyond any network that could be trained, and small enough to count parameters in longs.
   */
  private static final int MOST = 1 << 16;

  private ConfigFile() {}

  static byte[] format(UpscalerConfig config) {
    return format(config, StrictJson.create(VERSION));
  }

  /** The content of the PyTorch reference's file. */
  public static byte[] formatReference(UpscalerConfig config) {
    return format(config, StrictJson.create());
  }

  private static byte[] format(UpscalerConfig config, ObjectNode root) {
    root.put("base_upscaler", config.baseUpscaler().id())
        .put("upscale_ratio", config.upscaleRatio())
        .put("num_channels", config.numChannels())
        .put("hidden_ratio", config.hiddenRatio())
        .put("num_layers", config.numLayers());
    return StrictJson.format(root);
  }

  static UpscalerConfig parse(byte[] bytes) throws DamagedFileException {
    return shape(NAME, StrictJson.parse(NAME, bytes, VERSION));
  }

  /**
   * Reads the PyTorch reference's file, or a checkpoint's.
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
    return shape(file, root);
  }

  private static UpscalerConfig shape(String file, StrictJson root) throws DamagedFileException {
    String baseUpscaler = root.text("base_upscaler");
    int upscaleRatio = (int) root.integer("upscale_ratio", 1, MOST);
    int numChannels = (int) root.integer("num_channels", 1, MOST);
    int hiddenRatio = (int) root.integer("hidden_ratio", 1, MOST);
    int numLayers = (int) root.integer("num_layers", 1, MOST);
    root.end();
    try {
      return new UpscalerConfig(
          BaseUpscaler.of(baseUpscaler), upscaleRatio, numChannels, hiddenRatio, numLayers);
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(file, e.getMessage(), e);
    }
  }
}
