package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** What one vertex of a DL4J graph is to LibTorch. Stateless. */
@FunctionalInterface
interface Operation {
  /**
   * The vertex' result: a new tensor, or an input that nobody reads after this call, overwritten.
   */
  Tensor apply(Call call);

  /**
   * Executes the vertex in a recorded pass, in which autograd records nothing. What has no way back
   * of its own has LibTorch's; that is for vertices without parameters.
   *
   * @param call whose {@code differentiable} is false, and which has no weights
   * @param weights those of the pass
   * @param asked for each input, whether a gradient by it is wanted
   */
  default Recorded record(Call call, RecordedWeights weights, boolean[] asked) {
    return Recorded.byAutograd(this, call, asked);
  }

  /**
   * One execution of a vertex.
   *
   * @param inputs what the vertex' inputs computed
   * @param disposable for each input, whether nobody reads it after this call
   * @param weights the weights of all layers
   * @param numbers the format of the convolutions
   * @param differentiable whether this is a training-mode pass, of which LibTorch records gradients
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call
  record Call(
      Tensor[] inputs,
      boolean[] disposable,
      LayerWeights weights,
      Numbers numbers,
      boolean differentiable) {
    Tensor input() {
      return inputs[0];
    }
  }
}
