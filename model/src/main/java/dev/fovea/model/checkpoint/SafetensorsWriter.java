package dev.fovea.model.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes tensors as a safetensors file. Equal tensors give equal bytes. */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 14;

  private SafetensorsWriter() {}

  /** Gives the values of a tensor, piece by piece. */
  @FunctionalInterface
  public interface FloatSource {
    /** Copies the elements from number {@code position} on to the start of {@code values}. */
    void read(long position, int count, float[] values);
  }

  /**
   * A tensor to be written.
   *
   * @param name unique in the file
   * @param shape its dimensions, 'c' order; empty for a scalar
   * @param values its elements
   */
  public record Source(String name, List<Long> shape, FloatSource values) {
    public Source {
      shape = List.copyOf(shape);
    }

    /** A tensor of the values of an array. */
    public static Source of(String name, List<Long> shape, float[] array) {
      return new Source(
          name,
          shape,
          (position, count, values) ->
              System.arraycopy(array, Math.toIntExact(position), values, 0, count));
    }

    long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /**
   * Writes the tensors in the given order as fp32 and flushes; the stream stays open.
   *
   * @throws IllegalArgumentException if two tensors have the same name
   */
  public static void write(OutputStream out, List<Source> tensors, Map<String, String> metadata)
      throws IOException {
    write(out, ElementType.F32, tensors, metadata);
  }

  /**
   * Writes the tensors in the given order and number format and flushes; the stream stays open.
   *
   * @throws IllegalArgumentException if two tensors have the same name, or one the name that the
   *     format keeps for itself
   */
  public static void write(
      OutputStream out, ElementType type, List<Source> tensors, Map<String, String> metadata)
      throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (Source tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
      if (tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("no tensor can be named " + tensor.name());
      }
      long end = offset + Math.multiplyExact(tensor.elements(), type.size());
      infos.add(new TensorInfo(tensor.name(), type, tensor.shape(), offset, end));
      offset = end;
    }
    byte[] header = new SafetensorsHeader(infos, metadata).format();
    if (header.length > SafetensorsReader.MAXIMUM_HEADER) {
      throw new IllegalArgumentException(
          "header of %d bytes, the format allows %d"
              .formatted(header.length, SafetensorsReader.MAXIMUM_HEADER));
    }
    byte[] headerLength = new byte[8];
    littleEndian(headerLength).putLong(header.length);
    out.write(headerLength);
    out.write(header);
    float[] values = new float[CHUNK];
    byte[] bytes = new byte[CHUNK * type.size()];
    for (Source tensor : tensors) {
      long elements = tensor.elements();
      for (long position = 0; position < elements; position += CHUNK) {
        int count = (int) Math.min(CHUNK, elements - position);
        tensor.values().read(position, count, values);
        type.write(values, count, littleEndian(bytes));
        out.write(bytes, 0, count * type.size());
      }
    }
    out.flush();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
