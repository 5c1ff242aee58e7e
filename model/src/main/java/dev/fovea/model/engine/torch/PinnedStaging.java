package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Pinned host memory that copies to and from a CUDA device go through, at several times the speed
 * of pageable memory. Stays allocated and grows with the largest array. Not thread-safe.
 */
final class PinnedStaging implements AutoCloseable {
  private Tensor memory;

  /** The first elements of the memory, in the given shape; what they held is lost. */
  Tensor shaped(long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    if (memory == null || memory.numel() < length) {
      close();
      TensorOptions pinned =
          new TensorOptions(Numbers.TYPE_OF_PICTURES).pinned_memory(new BoolOptional(true));
      memory = torch.empty(new long[] {length}, pinned, null).retainReference();
    }
    return memory.narrow(0, 0, length).view(shape);
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.releaseReference();
      memory = null;
    }
  }
}
