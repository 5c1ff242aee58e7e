package dev.fovea.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A pass forward through a network, vertex by vertex, that can be gone back once: what LibTorch's
 * autograd does, except that a vertex may know a better way back than autograd finds, and that what
 * it kept is freed as soon as it was read. Not thread-safe.
 */
final class RecordedPass implements AutoCloseable {
  private final List<Step> steps = new ArrayList<>();
  private final RecordedWeights weights;
  private final Residents residents = new Residents();
  private Tensor output;

  /**
   * A vertex that learns, or has one before it that does, as it was executed.
   *
   * @param inputs the places of its inputs
   * @param output the place of its result
   */
  private record Step(Recorded recorded, List<Integer> inputs, int output) {}

  /**
   * @param weights belong to the pass from now on
   */
  RecordedPass(RecordedWeights weights) {
    this.weights = weights;
  }

  /** Adds the vertex that was executed next. */
  void add(Recorded recorded, List<Integer> inputs, int output) {
    steps.add(new Step(recorded, inputs, output));
  }

  /** The last of them has computed this. */
  void end(Tensor result) {
    output = residents.keep(result.detach());
    output.set_requires_grad(true);
  }

  /** What the network computed; a leaf, whose gradient {@link #back} goes back from. */
  Tensor output() {
    return output;
  }

  /** Adds the gradient by the network's parameters to theirs; once, after that by the output. */
  void back() {
    int last = steps.get(steps.size() - 1).output();
    Tensor[] gradients = new Tensor[last + 1];
    gradients[last] = new Tensor(output.grad());
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      Tensor gradient = gradients[step.output()];
      Tensor[] byInputs = step.recorded().wayBack().gradients(gradient);
      step.recorded().close();
      gradient.deallocate();
      gradients[step.output()] = null;
      for (int j = 0; j < byInputs.length; j++) {
        if (byInputs[j] != null) {
          add(gradients, step.inputs().get(j), byInputs[j]);
        }
      }
    }
    weights.back();
  }

  private static void add(Tensor[] gradients, int place, Tensor gradient) {
    Tensor before = gradients[place];
    if (before == null) {
      gradients[place] = gradient;
      return;
    }
    if (before.use_count() == 1) {
      before.add_(gradient);
    } else {
      gradients[place] = before.add(gradient);
      before.deallocate();
    }
    gradient.deallocate();
  }

  @Override
  public void close() {
    for (Step step : steps) {
      step.recorded().close();
    }
    weights.close();
    residents.close();
  }
}
