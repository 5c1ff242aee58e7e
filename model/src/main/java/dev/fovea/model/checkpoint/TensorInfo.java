package dev.fovea.model.checkpoint;

import java.util.List;

/**
 * One tensor as the header of a safetensors file describes it.
 *
 * @param name its name, unique in the file
 * @param type its number format
 * @param shape its dimensions, 'c' order; empty for a scalar
 * @param begin where its bytes start, counted from the end of the header
 * @param end where they end
 */
public record TensorInfo(String name, ElementType type, List<Long> shape, long begin, long end) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements, 1 for a scalar. */
  public long elements() {
    return (end - begin) / type.size();
  }
}
