package dev.fovea.model.engine.vector;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.BaseUpscaling;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Upscales with the threads given; what comes out depends neither on them nor on the batch. */
final class VectorUpscaler implements Upscaler {
  private static final int COLOURS = 3;

  /** Pixels of a batch that go through the network at once, unless a picture has more. */
  private static final int PIXELS = 1 << 16;

  private final UpscalerConfig config;
  private final BaseUpscaling base;
  private final TransformedNetwork network;
  private final Workers workers;

  /** Of the last batch, for the next one of that size; null before the first. */
  private Room room;

  /** What the layers of a batch write to. */
  private record Room(Activations trunk, Activations hidden, Activations deep) {}

  VectorUpscaler(UpscalerConfig config, TransformedNetwork network, Workers workers) {
    this.config = config;
    this.network = network;
    this.workers = workers;
    base = new BaseUpscaling(config.baseUpscaler(), config.upscaleRatio());
  }

  @Override
  public INDArray upscale(INDArray lowResolution) {
    long[] shape = lowResolution.shape();
    if (shape.length != 4 || shape[1] != COLOURS || lowResolution.isEmpty()) {
      throw new IllegalArgumentException(
          "low resolution has shape %s, not [B, 3, H, W]".formatted(Arrays.toString(shape)));
    }
    if (lowResolution.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "low resolution holds %s, the engine vector takes FLOAT"
              .formatted(lowResolution.dataType()));
    }
    INDArray low = HostCopy.contiguous(lowResolution) ? lowResolution : lowResolution.dup('c');
    int height = Math.toIntExact(shape[2]);
    int width = Math.toIntExact(shape[3]);
    INDArray high = Nd4j.createUninitialized(DataType.FLOAT, base.upscaledShape(shape), 'c');
    int most = Math.max(1, PIXELS / Math.max(1, Math.multiplyExact(height, width)));
    for (int from = 0; from < shape[0]; from += most) {
      int batch = (int) Math.min(most, shape[0] - from);
      float[] pictures = new float[batch * COLOURS * height * width];
      HostCopy.read(low, (long) from * COLOURS * height * width, pictures.length, pictures);
      Activations residual = residual(pictures, batch, height, width);
      long first = (long) from * COLOURS;
      workers.each(
          batch * COLOURS,
          (plane, scratch) -> write(pictures, residual, plane, high, first + plane));
    }
    return high;
  }

  /** What the network adds to the base, before the shuffle. */
  private Activations residual(float[] pictures, int batch, int height, int width) {
    if (room == null || !room.trunk().hold(batch, height, width)) {
      room = null; // The heap need not hold both.
      int ratio = config.upscaleRatio();
      room =
          new Room(
              activations(batch, height, width, config.numChannels()),
              activations(batch, height, width, config.hiddenChannels()),
              activations(batch, height, width, COLOURS * ratio * ratio));
    }
    network.input().apply(pictures, room.trunk(), workers);
    for (TransformedNetwork.Block block : network.blocks()) {
      block.widening().apply(room.trunk(), room.hidden(), workers);
      block.narrowing().apply(room.hidden(), room.trunk(), workers);
    }
    network.decoder().apply(room.trunk(), room.deep(), workers);
    return room.deep();
  }

  /** Shuffles a plane's channels to pixels, adds the base and clamps. */
  private void write(float[] pictures, Activations deep, int plane, INDArray high, long to) {
    int height = deep.height();
    int width = deep.width();
    int ratio = config.upscaleRatio();
    double[] low = new double[height * width];
    for (int i = 0; i < low.length; i++) {
      low[i] = pictures[plane * low.length + i];
    }
    double[] large = base.upscalePlane(low, height, width);
    float[] residual = deep.values();
    int channel = plane % COLOURS * ratio * ratio;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = deep.at(plane / COLOURS, y, x) + channel;
        for (int i = 0; i < ratio; i++) {
          int at = (y * ratio + i) * width * ratio + x * ratio;
          for (int j = 0; j < ratio; j++) {
            double value = large[at + j] + residual[from + i * ratio + j];
            large[at + j] = Math.max(0, Math.min(1, value));
          }
        }
      }
    }
    HostCopy.write(large, large.length, high, to * large.length);
  }

  @Override
  public String execution() {
    return "vector cpu fp32";
  }

  @Override
  public void close() {
    workers.close();
  }

  private static Activations activations(int batch, int height, int width, int channels) {
    return Activations.of(batch, height, width, Winograd.padded(channels));
  }
}
