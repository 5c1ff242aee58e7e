package dev.fovea.model.engine.torch;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains an upscaler with LibTorch, on a thread of its own. */
final class TorchTrainer implements Trainer {
  private static final int FIGURES = 3;

  private final NetworkThread thread;
  private final Residents residents = new Residents();
  private final LossConfig loss;
  private final TorchDevice device;
  private final TorchNetwork network;
  private final BatchTransfer transfer;
  private final FigureLog figures;

  /** Of the current step: sums over samples of the reconstruction loss and the TV. */
  private final Tensor reconstruction;

  private final Tensor totalVariation;

  TorchTrainer(ComputationGraphConfiguration graph, TorchDevice device, EngineOptions options) {
    loss = Program.loss(graph);
    Program program = Program.of(graph);
    this.device = device;
    Numbers numbers = device.numbers(options.precision());
    thread = new NetworkThread("torch-trainer", options.threads());
    network =
        thread.call(
            () ->
                new TorchNetwork(
                    program, device, numbers, options.lowMemoryOptimizer(), residents));
    transfer = thread.call(() -> BatchTransfer.to(device));
    figures = thread.call(() -> new FigureLog(device, FIGURES));
    reconstruction = thread.call(this::zero);
    totalVariation = thread.call(this::zero);
  }

  @Override
  public void restore(INDArray parameters, INDArray updaterState) {
    TorchNetwork.Incoming state = network.check("", new NetworkState(parameters, updaterState));
    thread.callOn(
        state.arrays(),
        () -> {
          network.restore(state);
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
    Objective objective;
    try (RecordedPass pass = network.record(low)) {
      Tensors.requireEqualShapes("high resolution", high, "the prediction", pass.output());
      objective = Objective.of(loss, pass.output(), high);
      network.learn(pass, objective.loss(), batch);
    }
    Scalar weight = new Scalar((double) batch);
    Within.noGradient(
        () -> {
          reconstruction.add_(objective.reconstruction(), weight);
          totalVariation.add_(objective.totalVariation(), weight);
        });
  }

  @Override
  public INDArray gradient() {
    network.requireAccumulated();
    INDArray copy = network.newVector();
    thread.run(() -> network.copyGradient(copy));
    return copy;
  }

  @Override
  public void step(double learningRate, double maxGradientNorm) {
    network.requireAccumulated();
    TorchNetwork.requireStep(learningRate, maxGradientNorm);
    thread.run(() -> Within.noGradient(() -> update(learningRate, maxGradientNorm)));
  }

  private void update(double learningRate, double maxGradientNorm) {
    Scalar share = new Scalar(1.0 / network.samples());
    Tensor norm = network.step(learningRate, maxGradientNorm);
    figures.add(reconstruction.mul(share), totalVariation.mul(share), norm);
    forget();
  }

  @Override
  public List<StepFigures> drain() {
    return thread.call(figures::drain).stream()
        .map(row -> new StepFigures(row[0], row[1], row[2]))
        .toList();
  }

  @Override
  public INDArray parameters() {
    INDArray copy = network.newVector();
    thread.run(() -> network.copyParameters(copy));
    return copy;
  }

  @Override
  public INDArray updaterState() {
    INDArray copy = network.newState();
    thread.run(() -> network.copyState(copy));
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

  private Tensor zero() {
    return residents.keep(torch.zeros(new long[0], device.options(Numbers.TYPE_OF_PICTURES)));
  }

  private void forget() {
    reconstruction.zero_();
    totalVariation.zero_();
  }
}
