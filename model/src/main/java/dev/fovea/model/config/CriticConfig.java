package dev.fovea.model.config;

import java.io.Serializable;
import java.util.List;

/**
 * The shape of the critic, a residual network of bottleneck blocks (He et al., 2016) that tells
 * photographs from what the upscaler makes.
 *
 * <p>Stage s = 0, 1, .. works with {@code numChannels * 2^s} channels inside its blocks and four
 * times as many between them.
 *
 * @param numChannels channels of the stem and inside the first stage's blocks, 1 or more; 64 in
 *     every {@link CriticSize}
 * @param blocks the number of blocks of each stage, 1 or more; 1 to 4 stages
 */
public record CriticConfig(int numChannels, List<Integer> blocks) implements Serializable {
  /** Channels between blocks over channels inside them. */
  public static final int EXPANSION = 4;

  /** The most stages there can be. */
  public static final int MOST_STAGES = 4;

  private static final int STEM_KERNEL = 7;

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public CriticConfig {
    blocks = List.copyOf(blocks);
    if (numChannels < 1) {
      throw new IllegalArgumentException(
          "number of channels %d of the critic is not 1 or more".formatted(numChannels));
    }
    if (blocks.isEmpty() || blocks.size() > MOST_STAGES) {
      throw new IllegalArgumentException(
          "critic with %d stages %s, not 1 to %d".formatted(blocks.size(), blocks, MOST_STAGES));
    }
    if (blocks.stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException(
          "numbers of blocks %s of the critic are not all 1 or more".formatted(blocks));
    }
  }

  /** Channels inside the blocks of a stage, counted from 0. */
  public int hiddenChannels(int stage) {
    return numChannels << stage;
  }

  /** Channels between the blocks of a stage, counted from 0. */
  public int stageChannels(int stage) {
    return EXPANSION * hiddenChannels(stage);
  }

  /** Channels that the logit is computed from. */
  public int lastChannels() {
    return stageChannels(blocks.size() - 1);
  }

  /** Trainable parameters; the running statistics do not count. */
  public long parameterCount() {
    long count = 3L * STEM_KERNEL * STEM_KERNEL * numChannels + 2L * numChannels;
    long in = numChannels;
    for (int stage = 0; stage < blocks.size(); stage++) {
      long hidden = hiddenChannels(stage);
      long out = stageChannels(stage);
      for (int k = 0; k < blocks.get(stage); k++) {
        count += in * hidden + 2 * hidden + 9 * hidden * hidden + hidden + hidden * out + out;
        count += in == out ? 0 : in * out;
        in = out;
      }
    }
    return count + in + 1;
  }

  /** Running means and variances, which the flat parameter vector holds as well. */
  public long statisticsCount() {
    long count = 2L * numChannels;
    for (int stage = 0; stage < blocks.size(); stage++) {
      count += 2L * hiddenChannels(stage) * blocks.get(stage);
    }
    return count;
  }
}
