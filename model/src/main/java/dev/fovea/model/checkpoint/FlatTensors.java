package dev.fovea.model.checkpoint;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.checkpoint.NetworkLayout.ParameterSlice;
import dev.fovea.model.checkpoint.SafetensorsWriter.Source;
import dev.fovea.model.optim.StateSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The named tensors that a flat vector consists of, and the way of both into the other. */
final class FlatTensors {
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final long length;

  private record Part(List<Long> shape, long offset) {}

  private FlatTensors(long length) {
    this.length = length;
  }

  /** The tensors of the flat parameter vector. */
  static FlatTensors ofParameters(NetworkLayout layout) {
    FlatTensors tensors = new FlatTensors(layout.parameterCount());
    for (ParameterSlice parameter : layout.parameters()) {
      tensors.parts.put(parameter.name(), new Part(parameter.shape(), parameter.offset()));
    }
    return tensors;
  }

  /** The tensors of the flat updater state, by names such as {@code decoder.conv.v.step}. */
  static FlatTensors ofState(NetworkLayout layout) {
    FlatTensors tensors = new FlatTensors(layout.stateCount());
    for (ParameterSlice parameter : layout.parameters()) {
      for (StateSlice slice : parameter.state()) {
        tensors.parts.put(
            parameter.name() + "." + slice.name(),
            new Part(slice.shape(), parameter.stateOffset() + slice.offset()));
      }
    }
    return tensors;
  }

  /** Writes a flat vector as a safetensors file. */
  void write(OutputStream out, INDArray flat) throws IOException {
    INDArray vector = flat.reshape(new long[] {flat.length()});
    INDArray source = HostCopy.contiguous(vector) ? vector : vector.dup('c');
    List<Source> sources = new ArrayList<>();
    parts.forEach(
        (name, part) ->
            sources.add(
                new Source(
                    name,
                    part.shape(),
                    (position, count, values) ->
                        HostCopy.read(source, part.offset() + position, count, values))));
    SafetensorsWriter.write(out, sources, Map.of());
  }

  /**
   * Reads a safetensors file into a new flat vector.
   *
   * @param bytes the file's length
   * @throws DamagedFileException if tensors are missing, unknown or of another shape
   */
  INDArray read(String file, InputStream in, long bytes) throws IOException {
    SafetensorsReader reader = new SafetensorsReader(file, in, bytes);
    requireTensors(file, reader.tensors());
    INDArray flat = Nd4j.createUninitialized(DataType.FLOAT, length);
    for (TensorInfo tensor : reader.tensors()) {
      long offset = parts.get(tensor.name()).offset();
      reader.next(
          (values, count, position) -> HostCopy.write(values, count, flat, offset + position));
    }
    return flat;
  }

  private void requireTensors(String file, List<TensorInfo> tensors) throws DamagedFileException {
    TreeSet<String> missing = new TreeSet<>(parts.keySet());
    for (TensorInfo tensor : tensors) {
      if (!missing.remove(tensor.name())) {
        throw new DamagedFileException(
            file, "tensor '%s' is none of this network's".formatted(tensor.name()));
      }
      List<Long> shape = parts.get(tensor.name()).shape();
      if (!shape.equals(tensor.shape())) {
        throw new DamagedFileException(
            file,
            "tensor '%s' has shape %s, not %s".formatted(tensor.name(), tensor.shape(), shape));
      }
    }
    if (!missing.isEmpty()) {
      throw new DamagedFileException(file, "tensor '%s' is missing".formatted(missing.first()));
    }
  }
}
