package dev.fovea.model.engine.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * What a vertex computed in a recorded pass, and the way back through it.
 *
 * @param result what the vertex computed
 * @param wayBack from the gradient by the result to those by the inputs; once
 * @param saved what the way back reads
 */
record Recorded(Tensor result, WayBack wayBack, Residents saved) implements AutoCloseable {

  /** The derivative of one vertex. */
  @FunctionalInterface
  interface WayBack {
    /**
     * Returns new tensors, the gradients by each of the inputs; null where nobody asked for one.
     *
     * @param gradient by the result; may be overwritten and freed if nobody else has it
     */
    Tensor[] gradients(Tensor gradient);
  }

  /**
   * Executes a vertex without parameters and leaves its derivative to LibTorch.
   *
   * @param asked for each input, whether a gradient by it is wanted
   */
  static Recorded byAutograd(Operation operation, Operation.Call call, boolean[] asked) {
    Residents saved = new Residents();
    Tensor[] leaves = new Tensor[asked.length];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = saved.keep(call.inputs()[i].detach());
      leaves[i].set_requires_grad(asked[i]);
    }
    boolean[] none = new boolean[asked.length];
    Tensor out =
        saved.keep(
            Within.gradient(
                () ->
                    operation.apply(
                        new Operation.Call(leaves, none, call.weights(), call.numbers(), true))));
    return new Recorded(
        out.detach(),
        gradient -> {
          Tensors.backward(out, gradient);
          return Arrays.stream(leaves)
              .map(leaf -> leaf.requires_grad() ? new Tensor(leaf.grad()) : null)
              .toArray(Tensor[]::new);
        },
        saved);
  }

  @Override
  public void close() {
    saved.close();
  }
}
