package dev.fovea.model.engine.torch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operations whose many overloads are easily mistaken for one another, under plain names. */
final class Tensors {
  private Tensors() {}

  /** The 2-norm over the given dimensions, which stay with length 1. */
  static Tensor norm(Tensor tensor, long... dimensions) {
    return torch.linalg_vector_norm(
        tensor, new Scalar(2.0), dimensions, true, new ScalarTypeOptional());
  }

  /** The 2-norm over all dimensions but the first, which stay with length 1. */
  static Tensor normOfEach(Tensor stack) {
    return norm(stack, LongStream.range(1, stack.dim()).toArray());
  }

  /** The mean over one dimension, which stays with length 1. */
  static Tensor mean(Tensor tensor, long dimension) {
    return tensor.mean(new long[] {dimension}, true, new ScalarTypeOptional());
  }

  /**
   * A view of N arrays at equal distances in a flat vector, each in 'c' order.
   *
   * @param distance elements from one array to the next, 0 where they lie side by side
   * @return [N, shape]
   */
  static Tensor stacked(Tensor flat, int count, List<Long> shape, long offset, long distance) {
    long[] sizes = new long[shape.size() + 1];
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = shape.size(); i > 0; i--) {
      sizes[i] = shape.get(i - 1);
      strides[i] = stride;
      stride *= sizes[i];
    }
    sizes[0] = count;
    strides[0] = distance == 0 ? stride : distance;
    return flat.as_strided(sizes, strides, new LongOptional(offset));
  }

  /** Whether it is what oneDNN computes on in fp32. */
  static boolean fp32OnCpu(Tensor tensor) {
    // JavaCPP answers by a new object of an enumeration.
    return tensor.is_cpu() && tensor.scalar_type().intern() == ScalarType.Float;
  }

  /** Has autograd go back from a tensor, given the gradient by it. */
  static void backward(Tensor tensor, Tensor gradient) {
    tensor.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  /**
   * @throws IllegalArgumentException naming both tensors and their shapes if these differ
   */
  static void requireEqualShapes(String name, Tensor tensor, String otherName, Tensor other) {
    long[] shape = tensor.sizes().vec().get();
    long[] otherShape = other.sizes().vec().get();
    if (!Arrays.equals(shape, otherShape)) {
      throw new IllegalArgumentException(
          "%s has shape %s, %s %s"
              .formatted(name, Arrays.toString(shape), otherName, Arrays.toString(otherShape)));
    }
  }
}
