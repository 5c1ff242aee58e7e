package dev.fovea.model.engine.nd4j;

import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.loss.LossFigures;
import dev.fovea.model.loss.UpscalerLossLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains a DL4J graph on a thread of its own, with clipping and accumulation that DL4J lacks. */
final class Nd4jTrainer implements Trainer {
  private final ComputeThread thread;
  private final Nd4jNetwork network;
  private final UpscalerLossLayer loss;

  private double reconstruction;
  private double totalVariation;
  private List<StepFigures> figures = new ArrayList<>();

  Nd4jTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    thread = new ComputeThread("nd4j-trainer", options);
    network = thread.callOrClose(() -> new Nd4jNetwork(graph));
    loss = thread.callOrClose(this::outputLayer);
  }

  private UpscalerLossLayer outputLayer() {
    if (network.graph().getOutputLayer(0) instanceof UpscalerLossLayer output) {
      return output;
    }
    throw new IllegalArgumentException(
        "output %s of the graph is no UpscalerLoss"
            .formatted(network.graph().getConfiguration().getNetworkOutputs()));
  }

  @Override
  public void restore(INDArray newParameters, INDArray newState) {
    NetworkState given = new NetworkState(newParameters, newState);
    network.check("", given);
    thread.call(
        () -> {
          network.restore(given);
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
          ComputationGraph graph = network.graph();
          graph.setInputs(lowResolution);
          graph.setLabels(highResolution);
          try {
            graph.computeGradientAndScore();
          } finally {
            graph.setInputs(new INDArray[1]);
            graph.setLabels((INDArray[]) null);
          }
          network.accumulate(batch);
          return null;
        });
    LossFigures part = loss.figures();
    reconstruction += batch * part.reconstruction();
    totalVariation += batch * part.totalVariation();
  }

  @Override
  public INDArray gradient() {
    requireAccumulated();
    return thread.call(network::gradient);
  }

  @Override
  public void step(double learningRate, double maxGradientNorm) {
    requireAccumulated();
    long samples = network.samples();
    double norm = thread.call(() -> network.step(learningRate, maxGradientNorm));
    figures.add(new StepFigures(reconstruction / samples, totalVariation / samples, norm));
    forget();
  }

  @Override
  public List<StepFigures> drain() {
    List<StepFigures> drained = figures;
    figures = new ArrayList<>();
    return drained;
  }

  @Override
  public INDArray parameters() {
    return thread.call(network::parameters);
  }

  @Override
  public INDArray updaterState() {
    return thread.call(network::updaterState);
  }

  @Override
  public void close() {
    thread.close(network::close);
  }

  private void forget() {
    reconstruction = 0;
    totalVariation = 0;
  }

  private void requireAccumulated() {
    if (network.samples() == 0) {
      throw new IllegalStateException("no mini-batch was accumulated since the last step");
    }
  }
}
