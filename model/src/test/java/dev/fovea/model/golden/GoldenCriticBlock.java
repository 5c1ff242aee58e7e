package dev.fovea.model.golden;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.graph.ChannelsLastVertex;
import dev.fovea.model.graph.CriticBlock;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.optim.Adafactor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One recorded training-mode pass of a critic's block of the reference implementation, forward and
 * backward from the mean of the squared output, and an evaluation-mode pass after it.
 */
public enum GoldenCriticBlock {
  IDENTITY(8, 4, 8, 1),
  WIDER(8, 4, 16, 1),
  WIDER_AND_SMALLER(8, 4, 16, 2);

  /** The block's names in our graphs. */
  public static final String BLOCK = "block";

  private static final Map<String, String> LAYERS =
      Map.of(
          "conv1", "residual.0",
          "norm", "residual.1",
          "conv2", "residual.3",
          "conv3", "residual.5",
          "skip", "skip.0");

  private final int in;
  private final int hidden;
  private final int out;
  private final int stride;

  GoldenCriticBlock(int in, int hidden, int out, int stride) {
    this.in = in;
    this.hidden = hidden;
    this.out = out;
    this.stride = stride;
  }

  /** The block alone, from NCHW to whatever the engine has behind a {@link ChannelsLastVertex}. */
  public ComputationGraph network() {
    var graph =
        new NeuralNetConfiguration.Builder()
            .updater(Adafactor.of(AdafactorConfig.of(1e-2, -0.8)))
            .miniBatch(false)
            .graphBuilder()
            .addInputs(CriticGraph.PICTURES)
            .addVertex("channels-last", new ChannelsLastVertex(), CriticGraph.PICTURES);
    CriticBlock block = new CriticBlock(in, hidden, out, stride);
    ComputationGraphConfiguration configuration =
        graph.setOutputs(block.addTo(graph, BLOCK, "channels-last")).build();
    ComputationGraph network = CriticGraph.initialised(configuration, 1);
    named("param.").forEach((name, values) -> network.getParam(name).assign(values));
    return network;
  }

  /** NCHW, as the other arrays. */
  public INDArray input() {
    return array("input");
  }

  public INDArray output() {
    return array("output");
  }

  public INDArray inputGradient() {
    return array("grad.input");
  }

  public INDArray evaluatedOutput() {
    return array("output_eval_after_one_train_step");
  }

  /** The recorded gradients by DL4J's names of parameters. */
  public Map<String, INDArray> gradients() {
    return named("grad.");
  }

  /** The running statistics after one pass, by DL4J's names of parameters. */
  public Map<String, INDArray> statistics() {
    Map<String, INDArray> statistics = named("buffer_after.");
    statistics.keySet().removeIf(name -> name.endsWith("tracked"));
    return statistics;
  }

  private Map<String, INDArray> named(String prefix) {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (String name : file().arrays().keySet()) {
      LAYERS.forEach(
          (layer, module) -> {
            if (name.startsWith(prefix + module + ".")) {
              String parameter =
                  name.substring(prefix.length() + module.length() + 1)
                      .replace("running_mean", "mean")
                      .replace("running_var", "variance");
              arrays.put(BLOCK + "." + layer + "_" + parameter, array(name));
            }
          });
    }
    return arrays;
  }

  private INDArray array(String name) {
    NpzFile.Values values = file().get(name);
    return Nd4j.createFromArray(values.elements().clone()).reshape('c', values.shape());
  }

  private NpzFile file() {
    return NpzFile.golden("detector_block_%d_%d_%d_s%d.npz".formatted(in, hidden, out, stride));
  }
}
