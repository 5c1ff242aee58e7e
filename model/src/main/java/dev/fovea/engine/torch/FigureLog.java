package dev.fovea.engine.torch;

import dev.fovea.engine.StepFigures;
import java.util.ArrayList;
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
  private static final int COLUMNS = 3;
  private static final int FIRST_CAPACITY = 64;

  private final TorchDevice device;
  private Tensor rows;
  private int count;

  FigureLog(TorchDevice device) {
    this.device = device;
    rows = empty(FIRST_CAPACITY);
  }

  /** Adds a step's figures, scalars on the device. */
  void add(Tensor reconstruction, Tensor totalVariation, Tensor gradientNorm) {
    if (count == rows.size(0)) {
      Tensor larger = empty(2 * count);
      larger.narrow(0, 0, count).copy_(rows);
      rows.releaseReference();
      rows = larger;
    }
    Tensor row = torch.stack(new TensorVector(reconstruction, totalVariation, gradientNorm));
    rows.select(0, count).copy_(row);
    count++;
  }

  /** Everything added since the last call; waits for the device. */
  List<StepFigures> drain() {
    List<StepFigures> figures = new ArrayList<>(count);
    if (count > 0) {
      Tensor host = rows.narrow(0, 0, count).cpu();
      float[] values = new float[count * COLUMNS];
      host.data_ptr_float().get(values);
      for (int i = 0; i < values.length; i += COLUMNS) {
        figures.add(new StepFigures(values[i], values[i + 1], values[i + 2]));
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
        .empty(new long[] {capacity, COLUMNS}, device.options(ScalarType.Float), null)
        .retainReference();
  }
}
