package dev.fovea.model.engine.nd4j;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.engine.nd4j.GraphPass.InputGradient;
import dev.fovea.model.loss.AdversarialLoss;
import dev.fovea.model.loss.BinaryCrossEntropy;
import dev.fovea.model.loss.BinaryCrossEntropy.Target;
import dev.fovea.model.loss.Clamp;
import dev.fovea.model.loss.LossFigures;
import dev.fovea.model.loss.UpscalerLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains two DL4J graphs against each other on a thread of its own. The upscaler's pass over a
 * mini-batch stays open while the critic learns, so that it goes forward but once.
 */
final class Nd4jAdversarialTrainer implements AdversarialTrainer {
  private final ComputeThread thread;
  private final Nd4jNetwork upscaler;
  private final Nd4jNetwork critic;
  private final GraphPass upscalerPass;
  private final GraphPass criticPass;
  private final LossConfig loss;
  private final AdversarialTerm term;

  /** The mini-batch last given, until the upscaler has learnt from it. */
  private Batch batch;

  private CriticSums criticSums = new CriticSums();
  private UpscalerSums upscalerSums = new UpscalerSums();
  private List<AdversarialFigures> figures = new ArrayList<>();
  private boolean criticStepped;

  /**
   * @param low and {@code high} copies of what was given
   * @param unclamped what the upscaler made, in its pass's memory
   * @param prediction the same, clamped
   * @param adversarial cross-entropy against "real" before the critic's step
   */
  private record Batch(
      INDArray low, INDArray high, INDArray unclamped, INDArray prediction, double adversarial) {
    long size() {
      return low.size(0);
    }
  }

  /** Sums over the samples of the critic's current step. */
  private static final class CriticSums {
    private double real;
    private double fake;
    private double rightOnReal;
    private double rightOnFake;
    private long samples;

    AdversarialFigures.OfCritic figures(double norm) {
      return new AdversarialFigures.OfCritic(
          (real + fake) / (2 * samples), norm, rightOnReal / samples, rightOnFake / samples);
    }
  }

  /** Sums over the samples of the upscaler's current step. */
  private static final class UpscalerSums {
    private double reconstruction;
    private double totalVariation;
    private double adversarial;

    AdversarialFigures.OfUpscaler figures(double norm, long samples) {
      return new AdversarialFigures.OfUpscaler(
          reconstruction / samples, totalVariation / samples, adversarial / samples, norm);
    }
  }

  Nd4jAdversarialTrainer(
      ComputationGraphConfiguration upscalerGraph,
      ComputationGraphConfiguration criticGraph,
      AdversarialTerm term,
      EngineOptions options) {
    this.term = term;
    String output = upscalerGraph.getNetworkOutputs().get(0);
    loss = loss(upscalerGraph, output);
    thread = new ComputeThread("nd4j-adversarial-trainer", options);
    upscaler = thread.callOrClose(() -> new Nd4jNetwork(upscalerGraph));
    critic = thread.callOrClose(() -> new Nd4jNetwork(criticGraph));
    upscalerPass =
        new GraphPass(
            "UPSCALER", upscaler.graph(), upscalerGraph.getVertexInputs().get(output).get(0));
    criticPass = new GraphPass("CRITIC", critic.graph(), criticGraph.getNetworkOutputs().get(0));
  }

  private static LossConfig loss(ComputationGraphConfiguration graph, String output) {
    if (graph.getVertices().get(output) instanceof LayerVertex layer
        && layer.getLayerConf().getLayer() instanceof UpscalerLoss end) {
      return end.config();
    }
    throw new IllegalArgumentException(
        "output %s of the upscaler's graph is no UpscalerLoss"
            .formatted(graph.getNetworkOutputs()));
  }

  @Override
  public void restore(NetworkState newUpscaler, NetworkState newCritic) {
    upscaler.check("the upscaler's ", newUpscaler);
    critic.check("the critic's ", newCritic);
    run(
        () -> {
          forgetBatch();
          upscaler.restore(newUpscaler);
          critic.restore(newCritic);
        });
    criticSums = new CriticSums();
    upscalerSums = new UpscalerSums();
    figures.clear();
    criticStepped = false;
  }

  @Override
  public void accumulateCritic(INDArray lowResolution, INDArray highResolution) {
    requirePictures("low-resolution", lowResolution);
    requirePictures("high-resolution", highResolution);
    run(
        () -> {
          forgetBatch();
          INDArray low = lowResolution.dup('c');
          INDArray high = highResolution.dup('c');
          upscalerPass.begin();
          INDArray unclamped = upscalerPass.train(low);
          if (!unclamped.equalShapes(high)) {
            throw new IllegalArgumentException(
                "high-resolution pictures have shape %s, the upscaled ones %s"
                    .formatted(Arrays.toString(high.shape()), Arrays.toString(unclamped.shape())));
          }
          INDArray prediction = Clamp.forward(unclamped.dup('c'));
          double adversarial = learnToTell(high, prediction);
          batch = new Batch(low, high, unclamped, prediction, adversarial);
        });
  }

  /** Answers the cross-entropy of the fake pictures against "real". */
  private double learnToTell(INDArray real, INDArray fake) {
    long size = real.size(0);
    BinaryCrossEntropy onReal = learn(real, Target.REAL);
    criticPass.begin();
    INDArray logits = criticPass.train(fake);
    INDArray gradient = logits.ulike();
    double adversarial = BinaryCrossEntropy.of(logits, Target.REAL, gradient).loss();
    BinaryCrossEntropy onFake = BinaryCrossEntropy.of(logits, Target.FAKE, gradient);
    criticPass.back(gradient, InputGradient.UNWANTED);
    critic.accumulate(size);
    criticPass.end();
    criticSums.samples += size;
    criticSums.real += size * onReal.loss();
    criticSums.fake += size * onFake.loss();
    criticSums.rightOnReal += size * onReal.accuracy();
    criticSums.rightOnFake += size * onFake.accuracy();
    return adversarial;
  }

  private BinaryCrossEntropy learn(INDArray pictures, Target target) {
    criticPass.begin();
    INDArray logits = criticPass.train(pictures);
    INDArray gradient = logits.ulike();
    BinaryCrossEntropy figures = BinaryCrossEntropy.of(logits, target, gradient);
    criticPass.back(gradient, InputGradient.UNWANTED);
    critic.accumulate(pictures.size(0));
    criticPass.end();
    return figures;
  }

  @Override
  public void stepCritic(double learningRate, double maxGradientNorm) {
    requireAccumulated(critic);
    double norm = thread.call(() -> critic.step(learningRate, maxGradientNorm));
    figures.add(new AdversarialFigures(criticSums.figures(norm), Optional.empty()));
    criticSums = new CriticSums();
    criticStepped = true;
  }

  @Override
  public void accumulateUpscaler() {
    if (batch == null) {
      throw new IllegalStateException(
          "no mini-batch was given to accumulateCritic since the last one was used");
    }
    run(
        () -> {
          INDArray gradient = batch.unclamped().ulike();
          LossFigures parts =
              AdversarialLoss.reconstruction(loss, batch.unclamped(), batch.high(), gradient);
          double adversarial =
              term == AdversarialTerm.ON ? addAdversarial(gradient) : batch.adversarial();
          upscalerPass.back(gradient, InputGradient.UNWANTED);
          upscaler.accumulate(batch.size());
          upscalerSums.reconstruction += batch.size() * parts.reconstruction();
          upscalerSums.totalVariation += batch.size() * parts.totalVariation();
          upscalerSums.adversarial += batch.size() * adversarial;
          forgetBatch();
        });
  }

  private double addAdversarial(INDArray gradient) {
    criticPass.begin();
    INDArray logits = criticPass.train(batch.prediction());
    INDArray ofLogits = logits.ulike();
    double bce = BinaryCrossEntropy.of(logits, Target.REAL, ofLogits).loss();
    INDArray ofPrediction = criticPass.back(ofLogits, InputGradient.WANTED);
    AdversarialLoss.addAdversarial(bce, ofPrediction, batch.unclamped(), gradient);
    criticPass.end();
    return bce;
  }

  @Override
  public void stepUpscaler(double learningRate, double maxGradientNorm) {
    requireAccumulated(upscaler);
    if (!criticStepped) {
      throw new IllegalStateException("the critic has not stepped since the upscaler's last step");
    }
    long samples = upscaler.samples();
    double norm = thread.call(() -> upscaler.step(learningRate, maxGradientNorm));
    int last = figures.size() - 1;
    if (last >= 0) {
      figures.set(
          last,
          new AdversarialFigures(
              figures.get(last).critic(), Optional.of(upscalerSums.figures(norm, samples))));
    }
    upscalerSums = new UpscalerSums();
    criticStepped = false;
  }

  @Override
  public List<AdversarialFigures> drain() {
    List<AdversarialFigures> drained = figures;
    figures = new ArrayList<>();
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

  private NetworkState copy(Nd4jNetwork network) {
    return thread.call(() -> new NetworkState(network.parameters(), network.updaterState()));
  }

  @Override
  public INDArray upscalerGradient() {
    requireAccumulated(upscaler);
    return thread.call(upscaler::gradient);
  }

  @Override
  public INDArray criticGradient() {
    requireAccumulated(critic);
    return thread.call(critic::gradient);
  }

  @Override
  public void close() {
    thread.close(
        () -> {
          forgetBatch();
          upscaler.close();
          critic.close();
        });
  }

  private void forgetBatch() {
    criticPass.end();
    upscalerPass.end();
    if (batch != null) {
      batch.low().close();
      batch.high().close();
      batch = null;
    }
  }

  private void run(Runnable work) {
    thread.call(
        () -> {
          work.run();
          return null;
        });
  }

  private static void requireAccumulated(Nd4jNetwork network) {
    if (network.samples() == 0) {
      throw new IllegalStateException("no mini-batch was accumulated since the last step");
    }
  }

  private void requirePictures(String which, INDArray pictures) {
    if (pictures.rank() != 4 || pictures.size(1) != 3 || pictures.size(0) == 0) {
      throw new IllegalArgumentException(
          "%s pictures have to be [B, 3, H, W], not %s"
              .formatted(which, Arrays.toString(pictures.shape())));
    }
    DataType own = upscaler.graph().getConfiguration().getDataType();
    if (pictures.dataType() != own) {
      throw new IllegalArgumentException(
          "%s pictures have to be %s, not %s".formatted(which, own, pictures.dataType()));
    }
  }
}
