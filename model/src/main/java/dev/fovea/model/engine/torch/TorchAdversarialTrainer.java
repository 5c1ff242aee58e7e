package dev.fovea.model.engine.torch;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.loss.AdversarialLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains an upscaler and a critic against each other with LibTorch, on a thread of its own. What
 * was recorded of the upscaler stays while the critic learns, so that the upscaler goes forward but
 * once.
 */
final class TorchAdversarialTrainer implements AdversarialTrainer {
  /** Of the critic: loss, accuracy on real and on fake, norm. Of the upscaler: see Objective. */
  private static final int FIGURES = 4;

  private final NetworkThread thread;
  private final Residents residents = new Residents();
  private final LossConfig loss;
  private final AdversarialTerm term;
  private final TorchDevice device;
  private final TorchNetwork upscaler;
  private final TorchNetwork critic;
  private final BatchTransfer transfer;
  private final FigureLog criticFigures;
  private final FigureLog upscalerFigures;

  /** Sums over the samples of the current step, [3] each. */
  private final Tensor criticSums;

  private final Tensor upscalerSums;

  /** For each step of the critic since the last drain, whether the upscaler stepped after it. */
  private final List<Boolean> upscalerStepped = new ArrayList<>();

  private boolean criticStepped;

  /** The mini-batch last given, until the upscaler has learnt from it. */
  private Batch batch;

  /**
   * @param pass the upscaler's, whose output are its pictures
   * @param objective what they were measured by in stage 1
   * @param adversarial their cross-entropy against "real" before the critic's step
   */
  private record Batch(
      Residents owned, long size, RecordedPass pass, Objective objective, Tensor adversarial)
      implements AutoCloseable {
    @Override
    public void close() {
      pass.close();
      owned.close();
    }
  }

  TorchAdversarialTrainer(
      ComputationGraphConfiguration upscalerGraph,
      ComputationGraphConfiguration criticGraph,
      AdversarialTerm term,
      TorchDevice device,
      EngineOptions options) {
    this.term = term;
    this.device = device;
    loss = Program.loss(upscalerGraph);
    Program upscalerProgram = Program.of(upscalerGraph);
    Program criticProgram = Program.of(criticGraph);
    Numbers numbers = device.numbers(options.precision());
    boolean lowMemory = options.lowMemoryOptimizer();
    thread = new NetworkThread("torch-adversarial-trainer", options.threads());
    upscaler =
        thread.call(() -> new TorchNetwork(upscalerProgram, device, numbers, lowMemory, residents));
    critic =
        thread.call(() -> new TorchNetwork(criticProgram, device, numbers, lowMemory, residents));
    transfer = thread.call(() -> BatchTransfer.to(device));
    criticFigures = thread.call(() -> new FigureLog(device, FIGURES));
    upscalerFigures = thread.call(() -> new FigureLog(device, FIGURES));
    criticSums = thread.call(this::zeros);
    upscalerSums = thread.call(this::zeros);
  }

  @Override
  public void restore(NetworkState newUpscaler, NetworkState newCritic) {
    TorchNetwork.Incoming ofUpscaler = upscaler.check("the upscaler's ", newUpscaler);
    TorchNetwork.Incoming ofCritic = critic.check("the critic's ", newCritic);
    List<INDArray> arrays = new ArrayList<>(ofUpscaler.arrays());
    arrays.addAll(ofCritic.arrays());
    thread.callOn(
        arrays,
        () -> {
          forgetBatch();
          upscaler.restore(ofUpscaler);
          critic.restore(ofCritic);
          criticSums.zero_();
          upscalerSums.zero_();
          criticFigures.clear();
          upscalerFigures.clear();
          return null;
        });
    upscalerStepped.clear();
    criticStepped = false;
  }

  @Override
  public void accumulateCritic(INDArray lowResolution, INDArray highResolution) {
    INDArray low = HostMemory.pictures("low resolution", lowResolution);
    INDArray high = HostMemory.pictures("high resolution", highResolution);
    thread.callOn(
        List.of(low, high),
        () -> {
          forgetBatch();
          try (BatchTransfer.Batch given = transfer.load(low, high)) {
            // Copies: the upscaler's way back reads them after the caller has its arrays again.
            accumulateCritic(given.lowResolution().clone(), given.highResolution().clone());
          }
          return null;
        });
  }

  private void accumulateCritic(Tensor low, Tensor high) {
    long size = low.size(0);
    RecordedPass pass = upscaler.record(low);
    try {
      accumulateCritic(pass, high, size);
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  private void accumulateCritic(RecordedPass pass, Tensor high, long size) {
    Tensor prediction = pass.output();
    Tensors.requireEqualShapes("high resolution", high, "the prediction", prediction);
    Objective objective = Objective.of(loss, prediction, high);

    LayerWeights weights = critic.weights();
    Tensor onReal = critic.train(high, weights);
    Tensor onFake = critic.train(prediction.detach(), weights);
    Tensor bce = crossEntropyAgainst1(onReal).add(softplus(onFake)).mul(new Scalar(0.5));
    critic.learn(bce, size);

    Tensor adversarial =
        Within.noGradient(
            () -> {
              Tensor right = share(onReal.gt(new Scalar(0.0)));
              Tensor rightOnFake = share(onFake.lt(new Scalar(0.0)));
              add(criticSums, size, bce, right, rightOnFake);
              return crossEntropyAgainst1(onFake);
            });
    Residents owned = new Residents();
    batch =
        new Batch(
            owned,
            size,
            pass,
            new Objective(
                owned.keep(objective.reconstruction()),
                owned.keep(objective.totalVariation()),
                owned.keep(objective.loss())),
            owned.keep(adversarial));
  }

  @Override
  public void stepCritic(double learningRate, double maxGradientNorm) {
    critic.requireAccumulated();
    TorchNetwork.requireStep(learningRate, maxGradientNorm);
    thread.run(
        () ->
            Within.noGradient(
                () -> step(critic, criticSums, criticFigures, learningRate, maxGradientNorm)));
    upscalerStepped.add(false);
    criticStepped = true;
  }

  @Override
  public void accumulateUpscaler() {
    if (batch == null) {
      throw new IllegalStateException(
          "no mini-batch was given to accumulateCritic since the last one was used");
    }
    thread.run(
        () -> {
          Objective objective = batch.objective();
          Tensor first = overItself(objective.loss());
          Tensor adversarial = batch.adversarial();
          Tensor whole = first;
          if (term == AdversarialTerm.ON) {
            // Nothing leads to the critic's parameters, so that nothing is left in their gradient.
            LayerWeights weights = Within.noGradient(critic::weights);
            adversarial = crossEntropyAgainst1(critic.train(batch.pass().output(), weights));
            whole = first.add(overItself(adversarial));
          }
          upscaler.learn(batch.pass(), whole, batch.size());
          add(
              upscalerSums,
              batch.size(),
              objective.reconstruction(),
              objective.totalVariation(),
              adversarial);
          forgetBatch();
        });
  }

  @Override
  public void stepUpscaler(double learningRate, double maxGradientNorm) {
    upscaler.requireAccumulated();
    TorchNetwork.requireStep(learningRate, maxGradientNorm);
    if (!criticStepped) {
      throw new IllegalStateException("the critic has not stepped since the upscaler's last step");
    }
    thread.run(
        () ->
            Within.noGradient(
                () ->
                    step(upscaler, upscalerSums, upscalerFigures, learningRate, maxGradientNorm)));
    if (upscalerStepped.isEmpty()) {
      // The critic's figures were drained before.
      thread.run(upscalerFigures::clear);
    } else {
      upscalerStepped.set(upscalerStepped.size() - 1, true);
    }
    criticStepped = false;
  }

  private static void step(
      TorchNetwork network,
      Tensor sums,
      FigureLog figures,
      double learningRate,
      double maxGradientNorm) {
    Tensor means = sums.mul(new Scalar(1.0 / network.samples()));
    Tensor norm = network.step(learningRate, maxGradientNorm);
    figures.add(means.select(0, 0), means.select(0, 1), means.select(0, 2), norm);
    sums.zero_();
  }

  @Override
  public List<AdversarialFigures> drain() {
    List<float[]> ofCritic = thread.call(criticFigures::drain);
    List<float[]> ofUpscaler = thread.call(upscalerFigures::drain);
    List<AdversarialFigures> drained = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < ofCritic.size(); i++) {
      float[] c = ofCritic.get(i);
      Optional<AdversarialFigures.OfUpscaler> second = Optional.empty();
      if (upscalerStepped.get(i)) {
        float[] u = ofUpscaler.get(next++);
        second = Optional.of(new AdversarialFigures.OfUpscaler(u[0], u[1], u[2], u[3]));
      }
      drained.add(
          new AdversarialFigures(new AdversarialFigures.OfCritic(c[0], c[3], c[1], c[2]), second));
    }
    upscalerStepped.clear();
    return drained;
  }

  @Override
  public NetworkState upscaler() {
    return copy(upscaler);
  }

  @Override
  public NetworkState critic() {
    return copy(critic);
  }

  private NetworkState copy(TorchNetwork network) {
    NetworkState copy = new NetworkState(network.newVector(), network.newState());
    thread.run(
        () -> {
          network.copyParameters(copy.parameters());
          network.copyState(copy.updaterState());
        });
    return copy;
  }

  @Override
  public INDArray upscalerGradient() {
    return gradient(upscaler);
  }

  @Override
  public INDArray criticGradient() {
    return gradient(critic);
  }

  private INDArray gradient(TorchNetwork network) {
    network.requireAccumulated();
    INDArray copy = network.newVector();
    thread.run(() -> network.copyGradient(copy));
    return copy;
  }

  @Override
  public void close() {
    thread.closeAfter(
        () -> {
          forgetBatch();
          transfer.close();
          criticFigures.close();
          upscalerFigures.close();
          residents.close();
        });
  }

  /** Mean of log(1 + exp(-logit)), stable for every logit. */
  private static Tensor crossEntropyAgainst1(Tensor logits) {
    return softplus(logits.neg());
  }

  /** The mean of log(1 + exp(x)), which is the cross-entropy against 0 of logits x. */
  private static Tensor softplus(Tensor x) {
    return torch.softplus(x).mean();
  }

  /** The mean of a tensor of truth values. */
  private static Tensor share(Tensor truth) {
    return truth.to(Numbers.TYPE_OF_PICTURES).mean();
  }

  /** loss / detach(loss). */
  private static Tensor overItself(Tensor loss) {
    Tensor divisor = loss.detach().clamp_min(new Scalar(AdversarialLoss.LEAST_DIVISOR));
    return loss.div(divisor);
  }

  private static void add(Tensor sums, long batch, Tensor... means) {
    Within.noGradient(
        () -> {
          sums.add_(torch.stack(new TensorVector(means)), new Scalar((double) batch));
        });
  }

  private Tensor zeros() {
    return residents.keep(torch.zeros(new long[] {3}, device.options(Numbers.TYPE_OF_PICTURES)));
  }

  private void forgetBatch() {
    if (batch != null) {
      batch.close();
      batch = null;
    }
  }
}
