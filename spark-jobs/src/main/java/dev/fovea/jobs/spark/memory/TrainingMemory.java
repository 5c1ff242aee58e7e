package dev.fovea.jobs.spark.memory;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import java.io.Serializable;
import java.util.Optional;

/**
 * What training takes beside the heap, estimated from the networks' shapes: what is kept of every
 * sample between the forward and the backward pass, and what stays however large a batch is.
 *
 * <p>On the CPU an upper bound: processes that took whole optimiser steps stayed below it, and took
 * about two thirds of it or more, with ND4J half (docs/storage.md).
 *
 * @param librariesBytes the libraries' own memory, however many networks a process trains
 * @param fixedBytes that, and the parameters, gradients and optimiser state of one network
 * @param bytesPerSample activations of one sample, and the gradients that exist at once
 */
public record TrainingMemory(long librariesBytes, long fixedBytes, long bytesPerSample)
    implements Serializable {
  /** Full-resolution pictures: target, base, decoder, sum, result, difference, both variations. */
  private static final int HIGH_RESOLUTION_COPIES = 12;

  /** Convolution, normalised, activated, pooled: the critic's stem. */
  private static final int STEM_COPIES = 4;

  /**
   * What executes the network. A pass keeps more than one array of each shape (copies in another
   * layout or precision, gradients, what is not yet collected), by as much as was measured.
   */
  public enum Execution {
    /** LibTorch on the CPU in fp32. */
    TORCH_FP32(8.8, 4, 6, 10, 14, 400),
    /** LibTorch on the CPU in bf16, which keeps some arrays in fp32. */
    TORCH_BF16(5, 2, 6, 5.5, 14, 400),
    /** ND4J on the CPU, whose arrays are freed some time after they were used. */
    ND4J(24, 4, 4.5, 23, 14, 350),
    /** A GPU in fp32; by arithmetic, and nothing of it was measured. */
    GPU_FP32(4, 4, 4, 8, 6, 350),
    /** A GPU in bf16, likewise. */
    GPU_BF16(2, 2, 4, 4, 6, 350);

    /** For each number that a residual block keeps. */
    private final double blockBytes;

    /** For each number of the trunk outside the blocks. */
    private final double trunkBytes;

    /** For each number of full-resolution pictures. */
    private final double pictureBytes;

    /** For each number that the critic keeps of a picture, over all of its passes. */
    private final double criticBytes;

    /** Of the parameters: the driver's, the trainer's, gradients, optimiser, what is averaged. */
    private final int parameterCopies;

    /** Libraries, and what Spark and the JVM take beside the heap. */
    private final long librariesMib;

    Execution(
        double blockBytes,
        double trunkBytes,
        double pictureBytes,
        double criticBytes,
        int parameterCopies,
        long librariesMib) {
      this.blockBytes = blockBytes;
      this.trunkBytes = trunkBytes;
      this.pictureBytes = pictureBytes;
      this.librariesMib = librariesMib;
      this.criticBytes = criticBytes;
      this.parameterCopies = parameterCopies;
    }

    /** On the CPU, by an engine of this name. */
    public static Execution onCpu(String engine, Precision precision) {
      if (engine.equals("nd4j")) {
        return ND4J;
      }
      return precision == Precision.BF16 ? TORCH_BF16 : TORCH_FP32;
    }

    /** On a GPU. */
    public static Execution onGpu(Precision precision) {
      return precision == Precision.BF16 ? GPU_BF16 : GPU_FP32;
    }
  }

  /**
   * Training of the upscaler alone.
   *
   * @param lowResolution pixels a side of what goes into it
   */
  public static TrainingMemory ofUpscaler(
      UpscalerConfig config, int lowResolution, Execution execution) {
    double pixels = (double) lowResolution * lowResolution;
    double channels = config.numChannels();
    double hidden = config.hiddenChannels();
    int ratio = config.upscaleRatio();
    double blocks = pixels * config.numLayers() * (channels + 2 * hidden);
    double trunk = pixels * (3 + channels + 3 * hidden + 2 * channels);
    double high = pixels * 3 * ratio * ratio * HIGH_RESOLUTION_COPIES;
    long libraries = execution.librariesMib * Bytes.MIB;
    return new TrainingMemory(
        libraries,
        libraries + parameters(config.parameterCount(), execution),
        Math.round(
            blocks * execution.blockBytes
                + trunk * execution.trunkBytes
                + high * execution.pictureBytes));
  }

  /**
   * The same with a critic beside it, which sees originals and results.
   *
   * @param highResolution pixels a side of what the critic sees
   */
  public TrainingMemory with(CriticConfig critic, int highResolution, Execution execution) {
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
        librariesBytes,
        fixedBytes + parameters(critic.parameterCount(), execution),
        bytesPerSample + Math.round(numbers * execution.criticBytes));
  }

  private static long parameters(long count, Execution execution) {
    return (long) execution.parameterCopies * Float.BYTES * count;
  }

  /** What a batch takes. */
  public long bytes(int batch) {
    return fixedBytes + batch * bytesPerSample;
  }

  /** The largest batch that an amount of memory holds; 0 if none. */
  public int largestBatch(long bytes) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (bytes - fixedBytes) / bytesPerSample));
  }

  /** Of the memory of a process, what each of its networks finds there, the libraries included. */
  public long share(long available, int networks) {
    return librariesBytes + (available - librariesBytes) / networks;
  }

  /** Empty if a batch fits, else the sum written out and the largest batch that fits. */
  public Optional<String> shortage(int batch, long available, String where) {
    if (bytes(batch) <= available) {
      return Optional.empty();
    }
    int largest = largestBatch(available);
    return Optional.of(
        "%s samples of about %s + %s for the network and its libraries = %s, but %s has %s; %s"
            .formatted(
                batch,
                Bytes.text(bytesPerSample),
                Bytes.text(fixedBytes),
                Bytes.text(bytes(batch)),
                where,
                Bytes.text(available),
                largest > 0
                    ? "the largest batch that fits is %d".formatted(largest)
                    : "not even one sample fits: take a smaller network or "
                        + Setting.TARGET_RESOLUTION));
  }
}
