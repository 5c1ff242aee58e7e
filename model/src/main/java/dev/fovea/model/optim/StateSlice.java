package dev.fovea.model.optim;

import java.util.List;

/**
 * One named array inside the flat updater state of one parameter.
 *
 * @param name {@code step}, {@code row_variance}, {@code column_variance} or {@code variance}
 * @param offset where it starts, in elements from the start of the parameter's state
 * @param shape its shape as PyTorch has it, in 'c' order; empty for a scalar
 */
public record StateSlice(String name, long offset, List<Long> shape) {
  public StateSlice {
    shape = List.copyOf(shape);
  }

  /** Number of elements, 1 for a scalar. */
  public long length() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
