package dev.fovea.engine.nd4j;

import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.StepFigures;
import dev.fovea.engine.Trainer;
import dev.fovea.loss.LossFigures;
import dev.fovea.loss.UpscalerLossLayer;
import dev.fovea.optim.GlobalNorm;
import dev.fovea.optim.LearningRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains a DL4J graph on a thread of its own, with clipping and accumulation that DL4J lacks. */
final class Nd4jTrainer implements Trainer {
  private final ComputeThread thread;
  private final ComputationGraph network;
  private final ComputationGraphUpdater updater;
  private final UpscalerLossLayer loss;

  /** The network's own, [1, P] and [1, S]; DL4J answers shapes of rank 1 or 2 as it likes. */
  private final INDArray parameters;

  private final INDArray state;
  private final INDArray gradient;

  /** The mean gradient of the samples of the current step, [1, P]. */
  private final INDArray accumulated;

  private long samples;
  private double reconstruction;
  private double totalVariation;
  private List<StepFigures> figures = new ArrayList<>();

  Nd4jTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    thread = new ComputeThread("nd4j-trainer", options);
    network =
        thread.callOrClose(
            () -> {
              ComputationGraph made = new ComputationGraph(graph.clone());
              made.init();
              made.initGradientsView();
              return made;
            });
    loss = thread.callOrClose(this::outputLayer);
    updater = thread.callOrClose(network::getUpdater);
    parameters = row(network.params());
    state = row(updater.getStateViewArray());
    gradient = row(updater.getFlattenedGradientsView());
    accumulated = thread.call(() -> parameters.ulike());
  }

  private UpscalerLossLayer outputLayer() {
    if (network.getOutputLayer(0) instanceof UpscalerLossLayer output) {
      return output;
    }
    throw new IllegalArgumentException(
        "output %s of the graph is no UpscalerLoss"
            .formatted(network.getConfiguration().getNetworkOutputs()));
  }

  @Override
  public void restore(INDArray newParameters, INDArray newState) {
    requireLength("parameters", newParameters, parameters);
    requireLength("updater state", newState, state);
    thread.call(
        () -> {
          parameters.assign(row(newParameters));
          state.assign(row(newState));
          return null;
        });
    forget();
    figures.clear();
  }

  @Override
  public void accumulate(INDArray lowResolution, INDArray highResolution) {
    if (lowResolution.rank() != 4 || lowResolution.size(1) != 3 || lowResolution.size(0) == 0) {
      throw new IllegalArgumentException(
          "low-resolution pictures have to be [B, 3, H, W], not "
              + Arrays.toString(lowResolution.shape()));
    }
    if (lowResolution.dataType() != DataType.FLOAT || highResolution.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "pictures have to be FLOAT, not %s and %s"
              .formatted(lowResolution.dataType(), highResolution.dataType()));
    }
    long batch = lowResolution.size(0);
    thread.call(
        () -> {
          network.setInputs(lowResolution);
          network.setLabels(highResolution);
          try {
            network.computeGradientAndScore();
          } finally {
            network.setInputs(new INDArray[1]);
            network.setLabels((INDArray[]) null);
          }
          addGradient(batch);
          return null;
        });
    LossFigures part = loss.figures();
    reconstruction += batch * part.reconstruction();
    totalVariation += batch * part.totalVariation();
    samples += batch;
  }

  private void addGradient(long batch) {
    if (samples == 0) {
      accumulated.assign(gradient);
      return;
    }
    double share = (double) batch / (samples + batch);
    accumulated.muli(1 - share).addi(gradient.muli(share));
  }

  @Override
  public INDArray gradient() {
    requireAccumulated();
    return thread.call(() -> accumulated.dup());
  }

  @Override
  public void step(double learningRate, double maxGradientNorm) {
    requireAccumulated();
    double norm = thread.call(() -> update(learningRate, maxGradientNorm));
    figures.add(new StepFigures(reconstruction / samples, totalVariation / samples, norm));
    forget();
  }

  /** Answers the norm of the gradient before clipping. */
  private double update(double learningRate, double maxGradientNorm) {
    // The updaters' blocks are views of the network's own gradient.
    gradient.assign(accumulated);
    double norm = GlobalNorm.clip(gradient, maxGradientNorm);
    LearningRate.set(updater, learningRate);
    updater.update(
        network.gradient(),
        network.getIterationCount(),
        network.getEpochCount(),
        Math.toIntExact(samples),
        LayerWorkspaceMgr.noWorkspaces());
    parameters.subi(gradient);
    return norm;
  }

  @Override
  public List<StepFigures> drain() {
    List<StepFigures> drained = figures;
    figures = new ArrayList<>();
    return drained;
  }

  @Override
  public INDArray parameters() {
    return thread.call(() -> parameters.dup());
  }

  @Override
  public INDArray updaterState() {
    return thread.call(() -> state.dup());
  }

  @Override
  public void close() {
    thread.close(
        () -> {
          accumulated.close();
          network.close();
        });
  }

  private void forget() {
    samples = 0;
    reconstruction = 0;
    totalVariation = 0;
  }

  private void requireAccumulated() {
    if (samples == 0) {
      throw new IllegalStateException("no mini-batch was accumulated since the last step");
    }
  }

  private static INDArray row(INDArray flat) {
    return flat.reshape(new long[] {1, flat.length()});
  }

  private static void requireLength(String name, INDArray given, INDArray own) {
    if (given.length() != own.length()) {
      throw new IllegalArgumentException(
          "%s have length %d, the network's have %d".formatted(name, given.length(), own.length()));
    }
  }
}
