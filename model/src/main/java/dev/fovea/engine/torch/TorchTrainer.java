package dev.fovea.engine.torch;

import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.StepFigures;
import dev.fovea.engine.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a DL4J graph with LibTorch's autograd.
 *
 * <p>Parameters, gradient and updater state are one {@link Arena} each. The leaves that autograd
 * knows are the parts of the first, and their gradients the parts of the second, so that clipping
 * and resetting are one operation each.
 */
final class TorchTrainer implements Trainer {
  private final NetworkThread thread;
  private final Residents residents = new Residents();
  private final Program program;
  private final TorchDevice device;
  private final Numbers numbers;

  private final Arena parameters;
  private final Arena gradients;
  private final List<StackTensors> stacks;
  private final StackedAdafactor optimiser;
  private final BatchTransfer transfer;
  private final FigureLog figures;

  /** Of the current step: sums over samples of the reconstruction loss and the TV. */
  private final Tensor reconstruction;

  private final Tensor totalVariation;
  private long samples;

  TorchTrainer(ComputationGraphConfiguration graph, TorchDevice device, EngineOptions options) {
    program = Program.of(graph);
    this.device = device;
    numbers = device.forTraining(options.precision());
    thread = new NetworkThread("torch-trainer", options.threads());
    boolean lowMemory = options.lowMemoryOptimizer();
    parameters = thread.call(this::arena);
    gradients = thread.call(this::arena);
    stacks = thread.call(this::leaves);
    optimiser =
        thread.call(
            () ->
                new StackedAdafactor(program, device, parameters, gradients, lowMemory, residents));
    transfer = thread.call(() -> BatchTransfer.to(device));
    figures = thread.call(() -> new FigureLog(device));
    reconstruction = thread.call(this::zero);
    totalVariation = thread.call(this::zero);
  }

  @Override
  public void restore(INDArray parameters, INDArray updaterState) {
    FlatLayout layout = program.layout();
    INDArray values = HostMemory.vector("parameters", parameters, layout.parameterLength());
    INDArray states = HostMemory.vector("updater state", updaterState, layout.stateLength());
    long steps = optimiser.stepsIn(states);
    thread.callOn(
        List.of(values, states),
        () -> {
          this.parameters.load(onDevice(values));
          optimiser.restore(onDevice(states), steps);
          forget();
          figures.clear();
          return null;
        });
  }

  @Override
  public void accumulate(INDArray lowResolution, INDArray highResolution) {
    INDArray low = HostMemory.pictures("low resolution", lowResolution);
    INDArray high = HostMemory.pictures("high resolution", highResolution);
    thread.callOn(
        List.of(low, high),
        () -> {
          try (BatchTransfer.Batch batch = transfer.load(low, high)) {
            accumulate(batch.lowResolution(), batch.highResolution());
          }
          return null;
        });
  }

  private void accumulate(Tensor low, Tensor high) {
    long batch = low.size(0);
    FoldedWeights weights = FoldedWeights.of(stacks, numbers);
    Tensor prediction = program.predict(low, weights, numbers, true);
    requireEqualShapes(prediction, high);
    Objective objective = Objective.of(program.loss(), prediction, high);
    // Scaled by the batch, so that the sum over a step's batches divides by its samples.
    Scalar weight = new Scalar((double) batch);
    objective.loss().mul(weight).backward();
    Within.noGradient(
        () -> {
          reconstruction.add_(objective.reconstruction(), weight);
          totalVariation.add_(objective.totalVariation(), weight);
        });
    samples += batch;
  }

  @Override
  public INDArray gradient() {
    requireAccumulated();
    INDArray copy = vector(program.layout().parameterLength());
    thread.run(() -> HostMemory.copy(gradients.flat().div_(new Scalar((double) samples)), copy));
    return copy;
  }

  @Override
  public void step(double learningRate, double maxGradientNorm) {
    requireAccumulated();
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "max gradient norm %s is not above 0".formatted(maxGradientNorm));
    }
    if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learning rate %s is not 0 or more".formatted(learningRate));
    }
    thread.run(() -> Within.noGradient(() -> update(learningRate, maxGradientNorm)));
  }

  private void update(double learningRate, double maxGradientNorm) {
    Tensor norm = clip(maxGradientNorm);
    optimiser.step(learningRate);
    Scalar share = new Scalar(1.0 / samples);
    figures.add(reconstruction.mul(share), totalVariation.mul(share), norm);
    forget();
  }

  /**
   * Turns the gradient's sum into the mean over samples, with at most the given norm.
   *
   * @return the norm before clipping
   */
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

  @Override
  public List<StepFigures> drain() {
    return thread.call(figures::drain);
  }

  @Override
  public INDArray parameters() {
    INDArray copy = vector(program.layout().parameterLength());
    thread.run(() -> HostMemory.copy(parameters.flat(), copy));
    return copy;
  }

  @Override
  public INDArray updaterState() {
    INDArray copy = vector(program.layout().stateLength());
    thread.run(() -> optimiser.save(copy));
    return copy;
  }

  @Override
  public void close() {
    thread.closeAfter(
        () -> {
          transfer.close();
          figures.close();
          residents.close();
        });
  }

  private Arena arena() {
    List<Arena.Section> sections = new ArrayList<>();
    for (LayerStack stack : program.stacks()) {
      stack.parameters().forEach(parameter -> sections.add(stack.section(parameter)));
    }
    return new Arena(device, program.layout().parameterLength(), sections, residents);
  }

  private List<StackTensors> leaves() {
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

  private Tensor zero() {
    return residents.keep(torch.zeros(new long[0], device.options(Numbers.TYPE_OF_PICTURES)));
  }

  private Tensor onDevice(INDArray vector) {
    return HostMemory.tensor(vector, vector.length()).to(device.device(), Numbers.TYPE_OF_PICTURES);
  }

  private void forget() {
    gradients.rows().zero_();
    reconstruction.zero_();
    totalVariation.zero_();
    samples = 0;
  }

  private void requireAccumulated() {
    if (samples == 0) {
      throw new IllegalStateException("no mini-batch was accumulated since the last step");
    }
  }

  private static void requireEqualShapes(Tensor prediction, Tensor target) {
    long[] predicted = prediction.sizes().vec().get();
    long[] given = target.sizes().vec().get();
    if (!Arrays.equals(predicted, given)) {
      throw new IllegalArgumentException(
          "high resolution has shape %s, the prediction %s"
              .formatted(Arrays.toString(given), Arrays.toString(predicted)));
    }
  }

  private static INDArray vector(long length) {
    return Nd4j.createUninitialized(DataType.FLOAT, 1, length);
  }
}
