package dev.fovea.engine.torch;

import dev.fovea.config.AdafactorConfig;
import dev.fovea.host.HostCopy;
import dev.fovea.optim.StateSlice;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adafactor as {@code torch.optim.Adafactor} (Shazeer and Stern, 2018), on whole stacks of equal
 * parameters: the number of operations does not grow with the number of blocks. Parameters and
 * state are changed in place, in DL4J's layout. Not thread-safe.
 */
final class StackedAdafactor {
  /** PyTorch's eps1: the distance from 1 to the next float. */
  private static final double EPS1 = Math.ulp(1.0f);

  private final List<Stack> stacks = new ArrayList<>();
  private final List<Long> stepOffsets;
  private final List<Placement> placements;
  private long steps;

  /**
   * @param parameters flat parameter vector on the device
   * @param gradient flat gradient, in the same layout
   * @param state flat updater state
   * @param lowMemory whether to go layer by layer, so that intermediate results are as large as one
   *     layer instead of a whole stack
   */
  StackedAdafactor(
      Program program,
      Tensor parameters,
      Tensor gradient,
      Tensor state,
      boolean lowMemory,
      Residents residents) {
    placements = program.layout().placements();
    stepOffsets =
        placements.stream()
            .map(p -> p.stateOffset() + p.updater().layout().get(0).offset())
            .toList();
    for (LayerStack stack : program.stacks()) {
      for (Placement parameter : stack.parameters()) {
        int groups = lowMemory ? stack.size() : 1;
        for (int group = 0; group < groups; group++) {
          stacks.add(
              new Stack(
                  stack,
                  parameter,
                  stack.size() / groups,
                  group,
                  parameters,
                  gradient,
                  state,
                  residents));
        }
      }
    }
  }

  /**
   * Takes the number of steps from a flat updater state in host memory.
   *
   * @throws IllegalArgumentException naming the parameters that disagree
   */
  void readSteps(INDArray hostState) {
    float[] step = new float[1];
    for (int i = 0; i < placements.size(); i++) {
      HostCopy.read(hostState, stepOffsets.get(i), 1, step);
      long rounded = Math.round((double) step[0]);
      if (i > 0 && rounded != steps) {
        throw new IllegalArgumentException(
            "updater state counts %d steps for %s and %d for %s"
                .formatted(
                    steps,
                    placements.get(0).updater().parameter(),
                    rounded,
                    placements.get(i).updater().parameter()));
      }
      steps = rounded;
    }
  }

  /** Writes the number of steps into a flat updater state in host memory. */
  void writeSteps(INDArray hostState) {
    float[] step = {steps};
    stepOffsets.forEach(offset -> HostCopy.write(step, 1, hostState, offset));
  }

  /** Takes one step. */
  void step(double learningRate) {
    steps++;
    stacks.forEach(stack -> stack.step(learningRate, steps));
  }

  /** One parameter of all layers of a stack, or of one of them. */
  private static final class Stack {
    private final AdafactorConfig settings;
    private final Tensor parameter;
    private final Tensor gradient;
    private final List<Tensor> moments;
    private final double rootOfLength;

    Stack(
        LayerStack stack,
        Placement placement,
        int count,
        int first,
        Tensor parameters,
        Tensor gradients,
        Tensor state,
        Residents residents) {
      settings = placement.updater().settings();
      long offset = placement.offset() + first * stack.distance();
      long stateOffset = placement.stateOffset() + first * stack.stateDistance();
      List<Long> shape = placement.shape();
      parameter =
          residents.keep(Tensors.stacked(parameters, count, shape, offset, stack.distance()));
      gradient = residents.keep(Tensors.stacked(gradients, count, shape, offset, stack.distance()));
      List<StateSlice> slices = placement.updater().layout();
      moments =
          slices.subList(1, slices.size()).stream()
              .map(
                  slice ->
                      residents.keep(
                          Tensors.stacked(
                              state,
                              count,
                              slice.shape(),
                              stateOffset + slice.offset(),
                              stack.stateDistance())))
              .toList();
      rootOfLength =
          Math.sqrt(shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b));
    }

    void step(double learningRate, long step) {
      double rho = Math.min(learningRate, 1 / Math.sqrt((double) step));
      Tensor update = secondMoment(Math.pow((double) step, settings.beta2Decay()));
      update.clamp_min_(new Scalar(EPS1 * EPS1));
      update.rsqrt_();
      update.mul_(gradient);

      Tensor scale = Tensors.normOfEach(parameter);
      scale.clamp_min_(new Scalar(settings.eps2() * rootOfLength));
      scale.mul_(new Scalar(-rho / rootOfLength));
      Tensor excess = Tensors.normOfEach(update);
      excess.mul_(new Scalar(1 / (rootOfLength * settings.clipThreshold())));
      excess.clamp_min_(new Scalar(1.0));
      scale.div_(excess);

      if (settings.weightDecay() > 0) {
        parameter.mul_(new Scalar(1 - learningRate * settings.weightDecay()));
      }
      parameter.addcmul_(update, scale);
      update.close();
    }

    /** Advances the averages and estimates the second moment of each element. */
    private Tensor secondMoment(double weight) {
      Tensor squares = gradient.square();
      Scalar mix = new Scalar(weight);
      if (moments.size() == 1) {
        moments.get(0).lerp_(squares, mix);
        squares.copy_(moments.get(0));
        return squares;
      }
      Tensor rows = moments.get(0);
      Tensor columns = moments.get(1);
      rows.lerp_(Tensors.mean(squares, -1), mix);
      columns.lerp_(Tensors.mean(squares, -2), mix);
      squares.close();
      Tensor mean = Tensors.mean(rows, -2);
      mean.clamp_min_(new Scalar(EPS1));
      Tensor share = rows.div(mean);
      return share.mul(columns);
    }
  }
}
