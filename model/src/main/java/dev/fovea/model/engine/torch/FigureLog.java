package dev.fovea.model.engine.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The figures of every step, kept on the device until they are asked for, so that no step waits for
 * its own. Not thread-safe.
 */
final class FigureLog implements AutoCloseable {
  private static final int FIRST_CAPACITY = 64;

  private final TorchDevice device;
  private final int columns;
  private Tensor rows;
  private int count;

  /**
   * @param columns figures of a step
   */
  FigureLog(TorchDevice device, int columns) {
    this.device = device;
    this.columns = columns;
    rows = empty(FIRST_CAPACITY);
  }

  /** Adds a step's figures, scalars on the device. */
  void add(Tensor... figures) {
    if (count == rows.size(0)) {
      Tensor larger = empty(2 * count);
      larger.narrow(0, 0, count).copy_(rows);
      rows.releaseReference();
      rows = larger;
    }
    Tensor row = torch.stack(new TensorVector(figures));
    rows.select(0, count).copy_(row);
    count++;
  }

  /** Everything added since the last call; waits for the device. */
  List<float[]> drain() {
    List<float[]> figures = new ArrayList<>(count);
    if (count > 0) {
      Tensor host = rows.narrow(0, 0, count).cpu();
      float[] values = new float[count * columns];
      host.data_ptr_float().get(values);
      for (int i = 0; i < values.length; i += columns) {
        figures.add(Arrays.copyOfRange(values, i, i + columns));
      }
    }
    clear();
    return figures;
  }

  /** Forgets everything. */
  void clear() {
    count = 0;
  }

  @Override
  public void close() {
    rows.releaseReference();
  }

  private Tensor empty(int capacity) {
    return torch
        .empty(new long[] {capacity, columns}, device.options(ScalarType.Float), null)
        .retainReference();
  }
}
