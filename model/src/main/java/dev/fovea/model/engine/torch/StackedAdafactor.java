package dev.fovea.model.engine.torch;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.config.AdafactorConfig;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adafactor as {@code torch.optim.Adafactor} (Shazeer and Stern, 2018), on whole stacks of equal
 * parameters: the number of operations does not grow with the number of blocks. Not thread-safe.
 */
final class StackedAdafactor {
  /** PyTorch's eps1: the distance from 1 to the next float. */
  private static final double EPS1 = Math.ulp(1.0f);

  private final List<Stack> stacks = new ArrayList<>();
  private final List<Placement> placements;
  private final Arena state;
  private long steps;

  /**
   * @param parameters what is changed
   * @param gradients of the same sections
   * @param lowMemory whether to go layer by layer, so that intermediate results are as large as one
   *     layer instead of a whole stack
   */
  StackedAdafactor(
      Program program,
      TorchDevice device,
      Arena parameters,
      Arena gradients,
      boolean lowMemory,
      Residents residents) {
    placements =
        program.layout().placements().stream().filter(p -> p.settings().isPresent()).toList();
    state = new Arena(device, program.layout().stateLength(), moments(program), residents);
    int index = 0;
    int moment = 0;
    for (LayerStack stack : program.stacks()) {
      for (Placement parameter : stack.parameters()) {
        if (parameter.settings().isEmpty()) {
          index++;
          continue;
        }
        AdafactorConfig settings = parameter.settings().get();
        int moments = stack.moments(parameter).size();
        List<Tensor> all = new ArrayList<>();
        all.add(parameters.places().get(index));
        all.add(gradients.places().get(index));
        all.addAll(state.places().subList(moment, moment + moments));
        if (lowMemory) {
          for (int layer = 0; layer < stack.size(); layer++) {
            long first = layer;
            stacks.add(
                new Stack(
                    settings,
                    all.stream().map(t -> residents.keep(t.narrow(0, first, 1))).toList()));
          }
        } else {
          stacks.add(new Stack(settings, all));
        }
        index++;
        moment += moments;
      }
    }
  }

  private static List<Arena.Section> moments(Program program) {
    List<Arena.Section> sections = new ArrayList<>();
    for (LayerStack stack : program.stacks()) {
      stack.parameters().forEach(parameter -> sections.addAll(stack.moments(parameter)));
    }
    return sections;
  }

  /**
   * Reads the number of steps from a flat updater state in host memory.
   *
   * @throws IllegalArgumentException naming the parameters that disagree
   */
  long stepsIn(INDArray hostState) {
    float[] step = new float[1];
    long common = 0;
    for (Placement parameter : placements) {
      HostCopy.read(hostState, parameter.stepOffset(), 1, step);
      // A weighted mean of equal numbers need not be exact.
      long rounded = Math.round((double) step[0]);
      if (parameter.equals(placements.get(0))) {
        common = rounded;
      } else if (rounded != common) {
        throw new IllegalArgumentException(
            "updater state counts %d steps for %s and %d for %s"
                .formatted(
                    common,
                    placements.get(0).updater().parameter(),
                    rounded,
                    parameter.updater().parameter()));
      }
    }
    return common;
  }

  /** Goes on from a state on the device, after the given number of steps. */
  void restore(Tensor flatState, long stepsTaken) {
    state.load(flatState);
    steps = stepsTaken;
  }

  /** Copies the state over a flat updater state in host memory. */
  void save(INDArray hostState) {
    HostMemory.copy(state.flat(), hostState);
    float[] step = {steps};
    placements.forEach(p -> HostCopy.write(step, 1, hostState, p.stepOffset()));
  }

  /** Takes one step. */
  void step(double learningRate) {
    steps++;
    stacks.forEach(stack -> stack.step(learningRate, (double) steps));
  }

  /** One parameter of all layers of a stack, or of one of them. */
  private static final class Stack {
    private final AdafactorConfig settings;
    private final Tensor parameter;
    private final Tensor gradient;
    private final List<Tensor> moments;
    private final double rootOfLength;

    private final long rowDimension;

    /**
     * @param tensors parameter, gradient and state, each [N, ..], in their memory's order
     */
    Stack(AdafactorConfig settings, List<Tensor> tensors) {
      this.settings = settings;
      parameter = tensors.get(0);
      gradient = tensors.get(1);
      moments = tensors.subList(2, tensors.size());
      rowDimension = Arena.rowDimension(parameter);
      long length = parameter.numel() / parameter.size(0);
      rootOfLength = Math.sqrt((double) length);
    }

    void step(double learningRate, double step) {
      double rho = Math.min(learningRate, 1 / Math.sqrt(step));
      Tensor update = secondMoment(Math.pow(step, settings.beta2Decay()));
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
      rows.lerp_(Tensors.mean(squares, rowDimension + 1), mix);
      columns.lerp_(Tensors.mean(squares, rowDimension), mix);
      squares.close();
      Tensor mean = Tensors.mean(rows, rowDimension);
      mean.clamp_min_(new Scalar(EPS1));
      return rows.div(mean).mul(columns);
    }
  }
}
