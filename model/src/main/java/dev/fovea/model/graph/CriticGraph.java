package dev.fovea.model.graph;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.graph.Convolution.Bias;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import dev.fovea.model.optim.Adafactor;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The critic as a DL4J graph: a residual network (He et al., 2016) with one logit at its end.
 *
 * <pre>
 * z = maxpool3/2(silu(stem.norm(stem.conv(x))))                              7x7/2, 3 -> C
 * stages S = 0, 1, ..; blocks K = 0, 1, .., where h = 2^S C and o = 4 h:
 *   z = silu(conv3(silu(conv2(silu(norm(conv1(z)))))) + skip(z))             1x1, 3x3, 1x1
 * logit = mean(z) weight + bias
 * </pre>
 *
 * <p>A block's layers are named {@code stageS.K.conv1} and so on; conv1 has no bias, conv2 has the
 * stride, which is 2 in the first block of every stage but the first, and skip is a 1x1 convolution
 * without bias where channels or size change, else the identity. Normalisation is by mini-batch;
 * its running statistics are part of the flat parameter vector.
 *
 * <p>Input NCHW [B, 3, H, W], RGB in 0..1, any H and W; output [B, 1], above 0 for what the critic
 * takes for a photograph. The graph has no loss: see {@code AdversarialTrainer}.
 */
public final class CriticGraph {
  /** The graph's input, pictures. */
  public static final String PICTURES = "pictures";

  /** The graph's only output. */
  public static final String LOGIT = "logit";

  private CriticGraph() {}

  /** The graph for training, with its updaters. */
  public static ComputationGraphConfiguration training(
      CriticConfig config, AdafactorConfig adafactor) {
    return training(config, Adafactor.of(adafactor), DataType.FLOAT);
  }

  /** The graph in another data type and with another updater, for checks of its gradient. */
  static ComputationGraphConfiguration training(
      CriticConfig config, IUpdater updater, DataType dataType) {
    GraphBuilder graph = builder(updater, dataType);
    int channels = config.numChannels();
    graph
        .addInputs(PICTURES)
        .addVertex("channels-last", new ChannelsLastVertex(), PICTURES)
        .addLayer(
            "stem.conv",
            new Convolution(3, channels, 7, 2, Bias.NONE, Activation.NONE),
            "channels-last")
        .addLayer("stem.norm", new BatchNorm(channels, Activation.SILU), "stem.conv")
        .addVertex("stem.pool", new MaxPoolVertex(), "stem.norm");
    String trunk = "stem.pool";
    int in = channels;
    for (int stage = 0; stage < config.blocks().size(); stage++) {
      for (int k = 0; k < config.blocks().get(stage); k++) {
        String name = "stage" + stage + "." + k;
        CriticBlock block =
            new CriticBlock(
                in,
                config.hiddenChannels(stage),
                config.stageChannels(stage),
                stage > 0 && k == 0 ? 2 : 1);
        trunk = block.addTo(graph, name, trunk);
        in = config.stageChannels(stage);
      }
    }
    return graph.addLayer(LOGIT, new PooledLogit(in), trunk).setOutputs(LOGIT).build();
  }

  static GraphBuilder builder(IUpdater updater, DataType dataType) {
    return new NeuralNetConfiguration.Builder()
        .updater(updater)
        .miniBatch(false)
        .dataType(dataType)
        .trainingWorkspaceMode(WorkspaceMode.ENABLED)
        .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
        .graphBuilder();
  }

  /**
   * A network with PyTorch's default initialisation, running means 0 and variances 1, and zero
   * updater state.
   *
   * @param seed any number; equal seeds give equal parameters, on any machine
   */
  public static ComputationGraph initialised(ComputationGraphConfiguration graph, long seed) {
    return SeededNetwork.of(graph, seed);
  }
}
