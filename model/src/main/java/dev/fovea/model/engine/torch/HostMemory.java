package dev.fovea.model.engine.torch;

import dev.fovea.model.arrays.HostCopy;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J arrays as LibTorch tensors over the same host memory.
 *
 * <p>A tensor does not keep its array alive: whoever makes one sees to it that the array is
 * reachable until the tensor is done with.
 */
final class HostMemory {
  private HostMemory() {}

  /**
   * An array that {@link #tensor} can look at: itself if it holds floats in 'c' order without gaps,
   * else a copy. Not to be called inside a PointerScope.
   *
   * @throws IllegalArgumentException naming the array and its data type if it does not hold floats
   */
  static INDArray contiguous(String name, INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "%s holds %s, the torch engine takes FLOAT".formatted(name, array.dataType()));
    }
    return HostCopy.contiguous(array) ? array : array.dup('c');
  }

  /**
   * {@link #contiguous} pictures.
   *
   * @throws IllegalArgumentException naming the array and its shape if that is not [B, 3, H, W]
   */
  static INDArray pictures(String name, INDArray array) {
    if (array.rank() != 4 || array.size(1) != 3 || array.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has shape %s, not [B, 3, H, W]".formatted(name, Arrays.toString(array.shape())));
    }
    return contiguous(name, array);
  }

  /**
   * A flat vector of known length, as {@link #contiguous}.
   *
   * @throws IllegalArgumentException naming the vector and both lengths if they differ
   */
  static INDArray vector(String name, INDArray array, long length) {
    if (array.length() != length) {
      throw new IllegalArgumentException(
          "%s has %d elements, the network has %d".formatted(name, array.length(), length));
    }
    return contiguous(name, array);
  }

  /** A tensor over the memory of a contiguous float array, for reading. */
  static Tensor tensor(INDArray array, long... shape) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
    return torch.from_blob(
        array.data().addressPointer(), shape, new TensorOptions(ScalarType.Float));
  }

  /** Copies a tensor, from wherever it is, over a contiguous float array; waits for it. */
  static void copy(Tensor source, INDArray target) {
    Tensor host =
        torch.from_blob(
            target.data().addressPointer(), target.shape(), new TensorOptions(ScalarType.Float));
    host.copy_(source.view(target.shape()));
    Nd4j.getAffinityManager().tagLocation(target, Location.HOST);
  }
}
