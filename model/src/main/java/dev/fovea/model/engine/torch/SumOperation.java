package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** The sum of two tensors of equal shape, in place where it can be. */
record SumOperation() implements Operation {
  /** Neither a sum nor a convolution needs its result to go back. */
  @Override
  public Tensor apply(Call call) {
    Tensor a = call.inputs()[0];
    Tensor b = call.inputs()[1];
    if (call.disposable()[1]) {
      b.add_(a);
      return b;
    }
    if (call.disposable()[0]) {
      a.add_(b);
      return a;
    }
    return a.add(b);
  }

  @Override
  public Recorded record(Call call, RecordedWeights weights, boolean[] asked) {
    Tensor a = call.inputs()[0];
    Tensor b = call.inputs()[1];
    // Not over what a convolution has kept for its way back.
    boolean over = call.disposable()[1] && b.use_count() == 1;
    Tensor sum = b;
    if (over) {
      b.add_(a);
    } else {
      sum = a.add(b);
    }
    return new Recorded(
        sum,
        gradient ->
            new Tensor[] {
              asked[0] ? new Tensor(gradient) : null, asked[1] ? new Tensor(gradient) : null
            },
        new Residents());
  }
}
