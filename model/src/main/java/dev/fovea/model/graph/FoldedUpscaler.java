package dev.fovea.model.graph;

import dev.fovea.model.config.UpscalerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The upscaler for inference: weight norm folded away, everything in three buffers that grow with
 * the largest batch and are used again. Not thread-safe.
 *
 * <p>A batch of B pictures of H x W pixels needs 4 B H W (C + 2 C h) bytes of native memory besides
 * its input and output, and 8 H W r (r + 1) bytes of heap on each thread that interpolates.
 */
public final class FoldedUpscaler implements AutoCloseable {
  private static final String LIMIT = "org.bytedeco.javacpp.maxbytes";

  private final UpscalerConfig config;
  private final BaseUpscaling base;
  private final List<FoldedConvolution> convolutions;
  private final Buffer trunk = new Buffer();
  private final Buffer hidden = new Buffer();
  private final Buffer scratch = new Buffer();

  private FoldedUpscaler(UpscalerConfig config, List<FoldedConvolution> convolutions) {
    this.config = config;
    this.convolutions = convolutions;
    base = new BaseUpscaling(config.baseUpscaler(), config.upscaleRatio());
  }

  /**
   * Folds the weight norm of an upscaler.
   *
   * @param parameters the flat parameter vector of the upscaler's graph, not kept
   * @throws IllegalArgumentException if the vector's length does not fit the configuration
   */
  public static FoldedUpscaler of(UpscalerConfig config, INDArray parameters) {
    return new FoldedUpscaler(config, fold(config, parameters));
  }

  /**
   * The upscaler's convolutions in order: {@code input}, {@code encoder.K.conv1} and {@code
   * encoder.K.conv2} for every K, {@code decoder.conv}.
   *
   * @param parameters the flat parameter vector of the upscaler's graph, not kept
   * @throws IllegalArgumentException if the vector's length does not fit the configuration
   */
  public static List<FoldedConvolution> fold(UpscalerConfig config, INDArray parameters) {
    if (parameters.length() != config.parameterCount()) {
      throw new IllegalArgumentException(
          "%d parameters given, but %s has %d"
              .formatted(parameters.length(), config, config.parameterCount()));
    }
    List<FoldedConvolution> folded = new ArrayList<>();
    UpscalerGraph.parameters(config, parameters)
        .forEach(
            (name, views) ->
                folded.add(
                    FoldedConvolution.of(
                        name,
                        views.get(WeightNormParameters.DIRECTION),
                        views.get(WeightNormParameters.GAIN),
                        views.get(WeightNormParameters.BIAS))));
    return List.copyOf(folded);
  }

  /**
   * Upscales a batch of pictures of one size.
   *
   * @param pictures NCHW [B, 3, H, W], RGB in 0..1
   * @return NCHW [B, 3, rH, rW], RGB in 0..1, owned by the caller
   * @throws IllegalArgumentException naming the shape if it is another
   * @throws OutOfMemoryError if there is too little native memory, or too little of it is allowed
   *     by {@code org.bytedeco.javacpp.maxbytes}; a smaller batch may be tried
   */
  public INDArray upscale(INDArray pictures) {
    long[] shape = pictures.shape();
    if (shape.length != 4 || shape[1] != 3) {
      throw new IllegalArgumentException(
          "pictures have to be [B, 3, H, W], not " + Arrays.toString(shape));
    }
    if (pictures.dataType() != convolutions.get(0).weights().dataType()) {
      throw new IllegalArgumentException(
          "pictures have to be %s, not %s"
              .formatted(convolutions.get(0).weights().dataType(), pictures.dataType()));
    }
    long[] sizes = {shape[0], shape[2], shape[3]};
    INDArray out = withRoom(sizes, pictures);
    INDArray z = trunk.array(sizes, config.numChannels());
    INDArray wide = hidden.array(sizes, config.hiddenChannels());
    INDArray spare = scratch.array(sizes, config.hiddenChannels());
    INDArray branch = scratch.array(sizes, config.numChannels());

    INDArray x = scratch.array(sizes, 3).assign(pictures.permute(0, 2, 3, 1));
    convolutions.get(0).apply(x, z);
    for (int k = 0; k < config.numLayers(); k++) {
      convolutions.get(2 * k + 1).apply(z, wide);
      SiLU.activate(wide, spare);
      convolutions.get(2 * k + 2).apply(wide, branch);
      z.addi(branch);
    }
    int ratio = config.upscaleRatio();
    INDArray deep = hidden.array(sizes, 3L * ratio * ratio);
    convolutions.get(convolutions.size() - 1).apply(z, deep);

    PixelShuffle.shuffle(deep, out, ratio);
    try (INDArray enlarged = out.ulike()) {
      base.upscale(pictures, enlarged);
      out.addi(enlarged);
    }
    Nd4j.getExecutioner().exec(new ScalarMax(out, null, out, 0));
    Nd4j.getExecutioner().exec(new ScalarMin(out, null, out, 1));
    return out;
  }

  /** Makes the buffers large enough, and the output. */
  private INDArray withRoom(long[] sizes, INDArray pictures) {
    long pixels = sizes[0] * sizes[1] * sizes[2];
    long[] upscaled = base.upscaledShape(pictures.shape());
    int channels = config.numChannels();
    int shuffled = 3 * config.upscaleRatio() * config.upscaleRatio();
    long widest = Math.max(config.hiddenChannels(), shuffled);
    // Nobody else may take what was found to be free.
    synchronized (FoldedUpscaler.class) {
      long lacking =
          trunk.lacking(pixels * channels)
              + hidden.lacking(pixels * widest)
              + scratch.lacking(pixels * Math.max(config.hiddenChannels(), 3));
      // The base's enlargement, and what oneDNN lays out anew for a convolution.
      long passing = pixels * (shuffled + channels + widest);
      requireMemory((lacking + passing + pixels * shuffled) * pictures.dataType().width());
      trunk.array(sizes, channels);
      hidden.array(sizes, widest);
      scratch.array(sizes, Math.max(config.hiddenChannels(), 3));
      return Nd4j.createUninitialized(pictures.dataType(), upscaled, 'c');
    }
  }

  /** ND4J does not look whether it was given memory, and brings the process down. */
  private static void requireMemory(long bytes) {
    // Unless it is set, javacpp's limit is the size of the heap, which says nothing about arrays.
    if (System.getProperty(LIMIT) != null && bytes > Pointer.maxBytes()) {
      throw new OutOfMemoryError(
          "arrays of %d bytes are more than the %d that %s allows"
              .formatted(bytes, Pointer.maxBytes(), LIMIT));
    }
    Pointer free = Pointer.malloc(bytes);
    if (free == null || free.isNull()) {
      throw new OutOfMemoryError("there is no memory for arrays of %d bytes".formatted(bytes));
    }
    Pointer.free(free);
  }

  /** Releases weights and buffers. */
  @Override
  public void close() {
    convolutions.forEach(FoldedConvolution::close);
    trunk.close();
    hidden.close();
    scratch.close();
  }

  /** Memory that only ever grows, seen as arrays of whatever shape is needed. */
  private final class Buffer implements AutoCloseable {
    private INDArray memory;

    /** What would have to be allocated for that many elements. */
    long lacking(long length) {
      return memory == null || memory.length() < length ? length : 0;
    }

    INDArray array(long[] sizes, long channels) {
      long length = sizes[0] * sizes[1] * sizes[2] * channels;
      if (lacking(length) > 0) {
        close();
        memory =
            Nd4j.createUninitialized(
                convolutions.get(0).weights().dataType(), new long[] {length}, 'c');
      }
      return memory
          .get(NDArrayIndex.interval(0, length))
          .reshape('c', sizes[0], sizes[1], sizes[2], channels);
    }

    @Override
    public void close() {
      if (memory != null) {
        memory.close();
        memory = null;
      }
    }
  }
}
