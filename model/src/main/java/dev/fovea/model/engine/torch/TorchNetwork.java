package dev.fovea.model.engine.torch;

import dev.fovea.model.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DL4J graph that LibTorch's autograd trains.
 *
 * <p>Parameters, gradient and updater state are one {@link Arena} each. The leaves that autograd
 * knows are the parts of the first, and their gradients the parts of the second, so that clipping
 * and resetting are one operation each. Belongs to one {@link NetworkThread}, unless said
 * otherwise.
 */
final class TorchNetwork {
  private final Program program;
  private final TorchDevice device;
  private final Numbers numbers;
  private final Arena parameters;
  private final Arena gradients;
  private final List<StackTensors> stacks;
  private final StackedAdafactor optimiser;
  private long samples;

  /**
   * @param lowMemory whether the optimiser may take longer to need less memory
   */
  TorchNetwork(
      Program program,
      TorchDevice device,
      Numbers numbers,
      boolean lowMemory,
      Residents residents) {
    this.program = program;
    this.device = device;
    this.numbers = numbers;
    parameters = arena(residents);
    gradients = arena(residents);
    stacks = leaves(residents);
    optimiser = new StackedAdafactor(program, device, parameters, gradients, lowMemory, residents);
  }

  /** Of an updater and parameters, checked, contiguous and ready to be looked at. */
  record Incoming(INDArray parameters, INDArray updaterState, long steps) {
    List<INDArray> arrays() {
      return List.of(parameters, updaterState);
    }
  }

  /**
   * Checks a state; on any thread, outside a PointerScope.
   *
   * @param network what the network is called
   */
  Incoming check(String network, NetworkState state) {
    FlatLayout layout = program.layout();
    INDArray values =
        HostMemory.vector(network + "parameters", state.parameters(), layout.parameterLength());
    INDArray states =
        HostMemory.vector(network + "updater state", state.updaterState(), layout.stateLength());
    return new Incoming(values, states, optimiser.stepsIn(states));
  }

  void restore(Incoming state) {
    parameters.load(onDevice(state.parameters()));
    optimiser.restore(onDevice(state.updaterState()), state.steps());
    forget();
  }

  /** The parameters as operations take them; recorded unless nothing is. */
  LayerWeights weights() {
    return LayerWeights.of(stacks, numbers);
  }

  /** A training-mode pass that is recorded vertex by vertex. */
  RecordedPass record(Tensor pictures) {
    RecordedWeights weights = new RecordedWeights(stacks, numbers);
    return Within.noGradient(() -> program.record(pictures, weights, numbers));
  }

  /** A training-mode pass that autograd records. */
  Tensor train(Tensor pictures, LayerWeights weights) {
    return program.predict(pictures, weights, numbers, true);
  }

  /** An evaluation-mode pass. */
  Tensor evaluate(Tensor pictures) {
    return Within.noGradient(() -> program.predict(pictures, weights(), numbers, false));
  }

  /**
   * Adds the gradient of a loss to that of the current step.
   *
   * @param loss a mean over so many samples
   */
  void learn(Tensor loss, long batch) {
    // Scaled by the batch, so that the sum over a step's batches divides by its samples.
    loss.mul(new Scalar((double) batch)).backward();
    samples += batch;
  }

  /**
   * Adds the gradient of a loss to that of the current step.
   *
   * @param pass whose output the loss is of
   * @param loss a mean over so many samples
   */
  void learn(RecordedPass pass, Tensor loss, long batch) {
    learn(loss, batch);
    Within.noGradient(pass::back);
  }

  /** Samples accumulated for the current step. */
  long samples() {
    return samples;
  }

  /**
   * Clips the gradient, steps, and forgets it.
   *
   * @return the norm before clipping, a scalar on the device
   */
  Tensor step(double learningRate, double maxGradientNorm) {
    Tensor norm = clip(maxGradientNorm);
    optimiser.step(learningRate);
    forget();
    return norm;
  }

  /** Turns the gradient's sum into the mean over samples, with at most the given norm. */
  private Tensor clip(double maxGradientNorm) {
    Scalar share = new Scalar(1.0 / samples);
    Tensor norm = Tensors.norm(Tensors.norm(gradients.rows(), 1), 0).reshape();
    norm.mul_(share);
    Tensor factor = norm.add(new Scalar(1e-6));
    factor.reciprocal_();
    factor.mul_(new Scalar(maxGradientNorm));
    factor.clamp_max_(new Scalar(1.0));
    factor.mul_(share);
    gradients.rows().mul_(factor);
    return norm;
  }

  /** Forgets the gradient of the current step. */
  void forget() {
    gradients.rows().zero_();
    samples = 0;
  }

  /** Room for a copy of the parameters or of the gradient; on any thread. */
  INDArray newVector() {
    return vector(program.layout().parameterLength());
  }

  /** Room for a copy of the updater state; on any thread. */
  INDArray newState() {
    return vector(program.layout().stateLength());
  }

  /** Copies the mean gradient of the current step. */
  void copyGradient(INDArray copy) {
    HostMemory.copy(gradients.flat().div_(new Scalar((double) samples)), copy);
  }

  void copyParameters(INDArray copy) {
    HostMemory.copy(parameters.flat(), copy);
  }

  void copyState(INDArray copy) {
    optimiser.save(copy);
  }

  static void requireStep(double learningRate, double maxGradientNorm) {
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "max gradient norm %s is not above 0".formatted(maxGradientNorm));
    }
    if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learning rate %s is not 0 or more".formatted(learningRate));
    }
  }

  void requireAccumulated() {
    if (samples == 0) {
      throw new IllegalStateException("no mini-batch was accumulated since the last step");
    }
  }

  private Arena arena(Residents residents) {
    List<Arena.Section> sections = new ArrayList<>();
    for (LayerStack stack : program.stacks()) {
      stack.parameters().forEach(parameter -> sections.add(stack.section(parameter)));
    }
    return new Arena(device, program.layout().parameterLength(), sections, residents);
  }

  private List<StackTensors> leaves(Residents residents) {
    List<StackTensors> result = new ArrayList<>();
    int from = 0;
    for (LayerStack stack : program.stacks()) {
      int to = from + stack.parameters().size();
      result.add(
          StackTensors.differentiable(
              stack,
              parameters.parts().subList(from, to),
              gradients.parts().subList(from, to),
              residents));
      from = to;
    }
    return result;
  }

  private Tensor onDevice(INDArray vector) {
    return HostMemory.tensor(vector, vector.length()).to(device.device(), Numbers.TYPE_OF_PICTURES);
  }

  private static INDArray vector(long length) {
    return Nd4j.createUninitialized(DataType.FLOAT, 1, length);
  }
}
