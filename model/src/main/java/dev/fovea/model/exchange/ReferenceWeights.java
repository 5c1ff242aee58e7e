package dev.fovea.model.exchange;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.checkpoint.NetworkLayout;
import dev.fovea.model.checkpoint.NetworkLayout.ParameterSlice;
import dev.fovea.model.checkpoint.SafetensorsReader;
import dev.fovea.model.checkpoint.SafetensorsWriter;
import dev.fovea.model.checkpoint.TensorInfo;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.exchange.ReferenceTensors.Convolution;
import dev.fovea.model.exchange.ReferenceTensors.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An upscaler's weights as the PyTorch reference saves them: a safetensors file with tensors such
 * as {@code encoder.3.conv1.parametrizations.weight.original1}.
 *
 * <p>Read are fp32, fp16 and bf16, with or without a leading {@code _orig_mod.}, with weight norm
 * or with kernels into which it was folded; a folded kernel w becomes v = w, g = ||w||. Nothing in
 * a file is executed. Stateless.
 */
public final class ReferenceWeights {
  /** Tells Python's readers that tensors and their order of dimensions are PyTorch's. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private ReferenceWeights() {}

  /**
   * Reads weights.
   *
   * @param file its name, for messages
   * @param length its length in bytes
   * @return the upscaler, its parameters [1, P] owned by the caller
   * @throws DamagedFileException if the file breaks the format, naming tensors that are missing,
   *     surplus, of another shape or not finite
   */
  public static TrainedUpscaler read(
      UpscalerConfig config, String file, InputStream in, long length) throws IOException {
    SafetensorsReader reader = new SafetensorsReader(file, in, length);
    requireRoom(config, file, length);
    NetworkLayout layout = NetworkLayout.of(config);
    ReferenceTensors expected = new ReferenceTensors(layout);
    Map<String, Place> places = expected.match(file, reader.tensors());
    INDArray flat = Nd4j.createUninitialized(DataType.FLOAT, layout.parameterCount());
    for (TensorInfo tensor : reader.tensors()) {
      long offset = places.get(tensor.name()).slice().offset();
      long[] notFinite = {-1};
      reader.next(
          (values, count, position) -> {
            notFinite[0] =
                notFinite[0] < 0 ? firstNotFinite(values, count, position) : notFinite[0];
            HostCopy.write(values, count, flat, offset + position);
          });
      if (notFinite[0] >= 0) {
        throw new DamagedFileException(
            file, "tensor '%s' is not finite at element %d".formatted(tensor.name(), notFinite[0]));
      }
    }
    for (Place place : places.values()) {
      Convolution convolution =
          expected.convolutions().get(ReferenceName.convolution(place.slice().name()));
      if (place.folded()) {
        unfold(file, place.name(), convolution, flat);
      } else if (place.slice().name().equals(convolution.direction().name())) {
        requireDirections(file, place.name(), convolution, flat);
      }
    }
    return new TrainedUpscaler(config, flat.reshape(1, flat.length()));
  }

  /**
   * Writes weights with their weight norm, in the order of the network.
   *
   * @param type the number format
   * @throws IllegalArgumentException naming the tensor that the number format cannot hold
   */
  public static void write(TrainedUpscaler upscaler, ElementType type, OutputStream out)
      throws IOException {
    INDArray vector = upscaler.parameters().reshape(new long[] {upscaler.parameters().length()});
    INDArray flat = HostCopy.contiguous(vector) ? vector : vector.dup('c');
    List<SafetensorsWriter.Source> sources = new ArrayList<>();
    for (ParameterSlice slice : NetworkLayout.of(upscaler.config()).parameters()) {
      String name = ReferenceName.ofOurs(slice.name()).of(ReferenceName.convolution(slice.name()));
      Halves.requireRange(name, type, values(slice, flat));
      sources.add(
          new SafetensorsWriter.Source(
              name,
              slice.shape(),
              (position, count, values) ->
                  HostCopy.read(flat, slice.offset() + position, count, values)));
    }
    SafetensorsWriter.write(out, type, sources, METADATA);
  }

  /** Keeps a config.json that promises too much from being believed. */
  private static void requireRoom(UpscalerConfig config, String file, long length)
      throws DamagedFileException {
    // Half precision and folded kernels, of which each has 9 elements or more for a gain.
    if (length < config.parameterCount()) {
      throw new DamagedFileException(
          file,
          "%d bytes cannot hold the %d parameters of %s"
              .formatted(length, config.parameterCount(), config));
    }
  }

  private static long firstNotFinite(float[] values, int count, long position) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        return position + i;
      }
    }
    return -1;
  }

  /** Makes a direction and a gain of each output channel of a kernel. */
  private static void unfold(String file, String name, Convolution convolution, INDArray flat)
      throws DamagedFileException {
    float[] row = new float[convolution.fanIn()];
    float[] gains = new float[convolution.channels()];
    for (int o = 0; o < gains.length; o++) {
      long at = convolution.direction().offset() + (long) o * row.length;
      HostCopy.read(flat, at, row.length, row);
      gains[o] = (float) norm(row);
      if (Float.isInfinite(gains[o])) {
        throw new DamagedFileException(
            file, "tensor '%s' is too large in output channel %d".formatted(name, o));
      }
      if (gains[o] == 0) {
        // A kernel of zeros has no direction of its own; with a gain of 0 any will do.
        Arrays.fill(row, 1);
        HostCopy.write(row, row.length, flat, at);
      }
    }
    HostCopy.write(gains, gains.length, flat, convolution.gain().offset());
  }

  private static void requireDirections(
      String file, String name, Convolution convolution, INDArray flat)
      throws DamagedFileException {
    float[] row = new float[convolution.fanIn()];
    for (int o = 0; o < convolution.channels(); o++) {
      HostCopy.read(
          flat, convolution.direction().offset() + (long) o * row.length, row.length, row);
      if (norm(row) == 0) {
        throw new DamagedFileException(
            file,
            "tensor '%s' is 0 in all of output channel %d, which weight norm cannot divide by"
                .formatted(name, o));
      }
    }
  }

  private static float[] values(ParameterSlice slice, INDArray flat) {
    float[] values = new float[Math.toIntExact(slice.shape().stream().reduce(1L, (a, b) -> a * b))];
    HostCopy.read(flat, slice.offset(), values.length, values);
    return values;
  }

  private static double norm(float[] row) {
    double squares = 0;
    for (float value : row) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
