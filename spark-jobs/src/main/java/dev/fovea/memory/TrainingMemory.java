package dev.fovea.memory;

import dev.fovea.config.CriticConfig;
import dev.fovea.config.UpscalerConfig;
import java.util.Optional;

/**
 * What training takes beside the heap, estimated from the networks' shapes: what is kept of every
 * sample between the forward and the backward pass, and what stays however large a batch is.
 *
 * <p>Measured with LibTorch on the CPU, C32 h2 N6 at 256 pixels and 4x: 31 MB more for each further
 * sample, where this says 30.
 *
 * @param fixedBytes the libraries' own memory, parameters, gradients, optimiser state
 * @param bytesPerSample activations of one sample, and the gradients that exist at once
 */
public record TrainingMemory(long fixedBytes, long bytesPerSample) {
  /**
   * Copies of parameters: the trainer's, its gradients, its optimiser's state, what is averaged.
   */
  private static final int PARAMETER_COPIES = 6;

  /** Full-resolution pictures: target, base, decoder, sum, result, difference, both variations. */
  private static final int HIGH_RESOLUTION_COPIES = 12;

  /** Convolution, normalised, activated, pooled: the critic's stem. */
  private static final int STEM_COPIES = 4;

  private static final long LIBRARIES = 350 * Bytes.MIB;

  /**
   * Training of the upscaler alone.
   *
   * @param lowResolution pixels a side of what goes into it
   * @param bytesPerNumber 4 for fp32, 2 for bf16
   */
  public static TrainingMemory ofUpscaler(
      UpscalerConfig config, int lowResolution, int bytesPerNumber) {
    double pixels = (double) lowResolution * lowResolution;
    double channels = config.numChannels();
    double hidden = config.hiddenChannels();
    int ratio = config.upscaleRatio();
    double block = channels + 2 * hidden;
    double gradients = 3 * hidden + 2 * channels;
    double trunk = pixels * (3 + channels + config.numLayers() * block + gradients);
    double high = pixels * 3 * ratio * ratio * HIGH_RESOLUTION_COPIES;
    return new TrainingMemory(
        LIBRARIES + PARAMETER_COPIES * Float.BYTES * config.parameterCount(),
        Math.round(trunk * bytesPerNumber + high * Float.BYTES));
  }

  /**
   * The same with a critic beside it, which sees originals and results: what two of its passes keep
   * exists at once.
   *
   * @param highResolution pixels a side of what the critic sees
   */
  public TrainingMemory with(CriticConfig critic, int highResolution, int bytesPerNumber) {
    double side = highResolution / 2.0;
    double numbers = STEM_COPIES * side * side * critic.numChannels();
    side /= 2;
    for (int stage = 0; stage < critic.blocks().size(); stage++) {
      // In a block: five arrays of its inner channels, three of those between blocks.
      double block = 5.0 * critic.hiddenChannels(stage) + 3.0 * critic.stageChannels(stage);
      numbers += side * side * critic.blocks().get(stage) * block;
      side = Math.ceil(side / 2);
    }
    return new TrainingMemory(
        fixedBytes + PARAMETER_COPIES * Float.BYTES * critic.parameterCount(),
        bytesPerSample + Math.round(2 * numbers * bytesPerNumber));
  }

  /** What a batch takes. */
  public long bytes(int batch) {
    return fixedBytes + batch * bytesPerSample;
  }

  /** The largest batch that an amount of memory holds; 0 if none. */
  public int largestBatch(long bytes) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (bytes - fixedBytes) / bytesPerSample));
  }

  /** Empty if a batch fits, else the sum written out and the largest batch that fits. */
  public Optional<String> shortage(int batch, long available, String where) {
    if (bytes(batch) <= available) {
      return Optional.empty();
    }
    int largest = largestBatch(available);
    return Optional.of(
        "%d samples of about %s + %s for the network and its libraries = %s, but %s has %s; %s"
            .formatted(
                batch,
                Bytes.text(bytesPerSample),
                Bytes.text(fixedBytes),
                Bytes.text(bytes(batch)),
                where,
                Bytes.text(available),
                largest > 0
                    ? "the largest batch that fits is %d".formatted(largest)
                    : "not even one sample fits: take a smaller network or --target-resolution"));
  }
}
