package dev.fovea.model.golden;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import dev.fovea.model.optim.ParameterUpdater;
import dev.fovea.model.optim.StateSlice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** An upscaler (2x) and a critic small enough to train many of them, always the same. */
public final class TinyNetworks {
  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);
  private static final UpscalerConfig UPSCALER =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 5, 2, 2);

  /** Two stages; the first block of each has a skip convolution, the second has none. */
  private static final CriticConfig CRITIC = new CriticConfig(3, List.of(2, 2));

  private final LossConfig loss;

  public TinyNetworks(ReconstructionLoss reconstruction) {
    loss = new LossConfig(reconstruction, 0.25);
  }

  public LossConfig loss() {
    return loss;
  }

  /** A new upscaler. */
  public ComputationGraph upscaler() {
    return UpscalerGraph.initialised(UpscalerGraph.training(UPSCALER, loss, ADAFACTOR), 3);
  }

  /** A new critic that DL4J can train without an output layer. */
  public ComputationGraph critic() {
    ComputationGraph critic = CriticGraph.initialised(CriticGraph.training(CRITIC, ADAFACTOR), 4);
    critic.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
    critic.initGradientsView();
    return critic;
  }

  public NetworkState upscalerState() {
    return stateOf(upscaler());
  }

  public NetworkState criticState() {
    return stateOf(critic());
  }

  private static NetworkState stateOf(ComputationGraph network) {
    return new NetworkState(row(network.params()), row(network.getUpdater().getStateViewArray()));
  }

  private static INDArray row(INDArray flat) {
    return flat.dup().reshape(1, flat.length());
  }

  /** Whether DL4J's name of a parameter is that of a running statistic. */
  public static boolean isStatistic(String name) {
    return name.endsWith(".norm_mean") || name.endsWith(".norm_variance");
  }

  /** The parts of a flat vector of the critic, by DL4J's names. */
  public Map<String, INDArray> ofCritic(INDArray flat) {
    return parameters(critic(), flat);
  }

  /** The parts of a flat vector of the upscaler, by DL4J's names. */
  public Map<String, INDArray> ofUpscaler(INDArray flat) {
    return parameters(upscaler(), flat);
  }

  private static Map<String, INDArray> parameters(ComputationGraph network, INDArray flat) {
    ComputationGraph copy = new ComputationGraph(network.getConfiguration().clone());
    copy.init(row(flat), false);
    return copy.paramTable();
  }

  /** The parts of a flat updater state, by names such as {@code input.v.step}. */
  public static Map<String, INDArray> state(ComputationGraph network, INDArray flat) {
    Map<String, INDArray> parts = new LinkedHashMap<>();
    INDArray vector = flat.reshape(flat.length());
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      ParameterUpdater updater = (ParameterUpdater) block.getGradientUpdater().getConfig();
      for (StateSlice slice : updater.layout()) {
        long from = block.getUpdaterViewOffsetStart() + slice.offset();
        parts.put(
            updater.parameter() + "." + slice.name(),
            vector.get(NDArrayIndex.interval(from, from + slice.length())).dup());
      }
    }
    return parts;
  }

  /** Low-resolution pictures [B, 3, 8, 8]. */
  public INDArray low(long seed, int batch) {
    return pictures(seed, batch, 8, 8);
  }

  /** High-resolution pictures [B, 3, 16, 16]. */
  public INDArray high(long seed, int batch) {
    return pictures(seed, batch, 16, 16);
  }

  /** Noise in 0..1. */
  public INDArray pictures(long seed, int batch, int height, int width) {
    Random random = new Random(seed);
    float[] samples = new float[batch * 3 * height * width];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextFloat();
    }
    return Nd4j.createFromArray(samples).reshape('c', batch, 3, height, width);
  }
}
