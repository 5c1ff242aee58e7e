package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A real engine for tests: DL4J trains two dense layers by momentum SGD, 3x2x2 to 3x4x4. */
public final class DenseEngine implements Engine {
  static final AtomicInteger OPENED = new AtomicInteger();
  static final AtomicInteger CLOSED = new AtomicInteger();

  /** Public, because the service loader needs it. */
  public DenseEngine() {}

  static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Nesterovs(0.1, 0.9))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(2, 2, 3))
                .addLayer(
                    "hidden",
                    new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(48)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "hidden")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  @Override
  public String name() {
    return "dense";
  }

  @Override
  public Precision precision(EngineOptions options) {
    return Precision.FP32;
  }

  @Override
  public Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    OPENED.incrementAndGet();
    return new DenseTrainer(graph);
  }

  @Override
  public Upscaler openUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options) {
    throw new UnsupportedOperationException("the dense engine only trains");
  }

  private static final class DenseTrainer implements Trainer {
    private final ComputationGraph network;
    private final List<StepFigures> figures = new ArrayList<>();
    private INDArray gradient;
    private double loss;
    private long samples;

    DenseTrainer(ComputationGraphConfiguration graph) {
      network = new ComputationGraph(graph);
      network.init();
    }

    @Override
    public void restore(INDArray parameters, INDArray updaterState) {
      network.setParams(parameters.dup());
      network.getUpdater().setStateViewArray(updaterState.dup());
      figures.clear();
      reset();
    }

    private void reset() {
      gradient = Nd4j.zeros(1, network.numParams());
      loss = 0;
      samples = 0;
    }

    @Override
    public void accumulate(INDArray lowResolution, INDArray highResolution) {
      long size = lowResolution.size(0);
      network.setInput(0, lowResolution);
      network.setLabels(highResolution.reshape('c', size, 48));
      network.computeGradientAndScore();
      // DL4J's mini-batch gradient is a sum over samples, divided by their number in the updater.
      gradient.addi(network.getFlattenedGradients().reshape('c', gradient.shape()));
      loss += network.score() * size;
      samples += size;
    }

    @Override
    public INDArray gradient() {
      return gradient.div(samples);
    }

    @Override
    public void step(double learningRate, double maxGradientNorm) {
      if (samples == 0) {
        throw new IllegalStateException("nothing was accumulated");
      }
      gradient.divi(samples);
      double norm = gradient.norm2Number().doubleValue();
      if (norm > maxGradientNorm) {
        gradient.muli(maxGradientNorm / norm);
      }
      network.setLearningRate(learningRate);
      ComputationGraphUpdater updater = network.getUpdater();
      network
          .getFlattenedGradients()
          .assign(gradient.reshape('c', network.getFlattenedGradients().shape()));
      updater.update(network.gradient(), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
      network.params().subi(network.getFlattenedGradients().reshape('c', network.params().shape()));
      figures.add(new StepFigures(loss / samples, 0, norm));
      reset();
    }

    @Override
    public List<StepFigures> drain() {
      List<StepFigures> drained = List.copyOf(figures);
      figures.clear();
      return drained;
    }

    @Override
    public INDArray parameters() {
      return network.params().dup().reshape('c', 1, network.numParams());
    }

    @Override
    public INDArray updaterState() {
      return network.getUpdater().getStateViewArray().dup();
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
      network.close();
    }
  }
}
