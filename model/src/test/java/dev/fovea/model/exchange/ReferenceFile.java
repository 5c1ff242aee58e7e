package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.checkpoint.SafetensorsReader;
import dev.fovea.model.checkpoint.SafetensorsWriter;
import dev.fovea.model.checkpoint.TensorInfo;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.golden.GoldenUpscaler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A safetensors file of the reference in the making: what tests change before they write it. */
final class ReferenceFile {
  static final String GAIN = ".parametrizations.weight.original0";
  static final String DIRECTION = ".parametrizations.weight.original1";

  final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** A shape and its elements. */
  @SuppressWarnings("ArrayRecordComponent") // read-only by agreement
  record Tensor(List<Long> shape, float[] elements) {}

  static ReferenceFile of(GoldenUpscaler golden) {
    ReferenceFile file = new ReferenceFile();
    golden
        .tensors()
        .forEach(
            (name, values) -> {
              List<Long> shape = new ArrayList<>();
              for (long size : values.shape()) {
                shape.add(size);
              }
              file.tensors.put(name, new Tensor(shape, values.elements()));
            });
    return file;
  }

  static ReferenceFile read(byte[] bytes) throws IOException {
    ReferenceFile file = new ReferenceFile();
    SafetensorsReader reader =
        new SafetensorsReader("read", new ByteArrayInputStream(bytes), bytes.length);
    for (TensorInfo tensor : reader.tensors()) {
      float[] all = new float[(int) tensor.elements()];
      reader.next(
          (values, count, position) -> System.arraycopy(values, 0, all, (int) position, count));
      file.tensors.put(tensor.name(), new Tensor(tensor.shape(), all));
    }
    return file;
  }

  /** Every name with this in front. */
  ReferenceFile withPrefix(String prefix) {
    ReferenceFile file = new ReferenceFile();
    tensors.forEach((name, tensor) -> file.tensors.put(prefix + name, tensor));
    return file;
  }

  /** Weight norm folded into kernels, as {@code remove_parametrizations} does. */
  ReferenceFile folded() {
    ReferenceFile file = new ReferenceFile();
    tensors.forEach(
        (name, tensor) -> {
          if (name.endsWith(DIRECTION)) {
            String layer = name.substring(0, name.length() - DIRECTION.length());
            file.tensors.put(layer + ".weight", fold(tensor, tensors.get(layer + GAIN)));
          } else if (!name.endsWith(GAIN)) {
            file.tensors.put(name, tensor);
          }
        });
    return file;
  }

  private static Tensor fold(Tensor direction, Tensor gain) {
    float[] kernel = direction.elements().clone();
    int fanIn = kernel.length / gain.elements().length;
    for (int o = 0; o < gain.elements().length; o++) {
      double squares = 0;
      for (int i = o * fanIn; i < (o + 1) * fanIn; i++) {
        squares += (double) kernel[i] * kernel[i];
      }
      for (int i = o * fanIn; i < (o + 1) * fanIn; i++) {
        kernel[i] = (float) (kernel[i] * gain.elements()[o] / Math.sqrt(squares));
      }
    }
    return new Tensor(direction.shape(), kernel);
  }

  byte[] bytes() throws IOException {
    return bytes(ElementType.F32);
  }

  byte[] bytes(ElementType type) throws IOException {
    List<SafetensorsWriter.Source> sources = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            sources.add(SafetensorsWriter.Source.of(name, tensor.shape(), tensor.elements())));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, type, sources, Map.of());
    return out.toByteArray();
  }

  TrainedUpscaler imported(UpscalerConfig config) throws IOException {
    return imported(config, bytes());
  }

  static TrainedUpscaler imported(UpscalerConfig config, byte[] bytes) throws IOException {
    return ReferenceWeights.read(
        config, "model.safetensors", new ByteArrayInputStream(bytes), bytes.length);
  }
}
