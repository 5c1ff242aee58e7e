package dev.fovea.model.engine.nd4j;

import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.optim.GlobalNorm;
import dev.fovea.model.optim.LearningRate;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DL4J graph with its updaters, and with the clipping and accumulation that DL4J lacks. Belongs
 * to one {@link ComputeThread}.
 */
final class Nd4jNetwork {
  private final ComputationGraph graph;
  private final ComputationGraphUpdater updater;

  /** The graph's own, [1, P] and [1, S]; DL4J answers shapes of rank 1 or 2 as it likes. */
  private final INDArray parameters;

  private final INDArray state;
  private final INDArray gradient;

  /** The mean gradient of the samples of the current step, [1, P]. */
  private final INDArray accumulated;

  private long samples;

  Nd4jNetwork(ComputationGraphConfiguration configuration) {
    graph = new ComputationGraph(configuration.clone());
    graph.init();
    graph.initGradientsView();
    updater = graph.getUpdater();
    parameters = row(graph.params());
    state = row(updater.getStateViewArray());
    gradient = row(updater.getFlattenedGradientsView());
    accumulated = parameters.ulike();
  }

  /** The graph, whose backward passes overwrite one flat gradient. */
  ComputationGraph graph() {
    return graph;
  }

  /**
   * Says what is wrong with a state, if anything; the one method for any thread.
   *
   * @param network what the network is called
   */
  void check(String network, NetworkState given) {
    requireLength(network + "parameters", given.parameters(), parameters);
    requireLength(network + "updater state", given.updaterState(), state);
  }

  void restore(NetworkState given) {
    parameters.assign(row(given.parameters()));
    state.assign(row(given.updaterState()));
    forget();
  }

  /** Adds the graph's gradient, a mean over so many samples, to that of the current step. */
  void accumulate(long batch) {
    if (samples == 0) {
      accumulated.assign(gradient);
    } else {
      double share = (double) batch / (samples + batch);
      accumulated.muli(1 - share).addi(gradient.muli(share));
    }
    samples += batch;
  }

  /** Samples accumulated for the current step. */
  long samples() {
    return samples;
  }

  /** A copy of the mean over the samples of the current step. */
  INDArray gradient() {
    return copy(accumulated);
  }

  /** Takes a step and answers the norm of the gradient before clipping. */
  @SuppressWarnings("try") // the scope acts by being open
  double step(double learningRate, double maxGradientNorm) {
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return update(learningRate, maxGradientNorm);
    }
  }

  private double update(double learningRate, double maxGradientNorm) {
    // The updaters' blocks are views of the graph's own gradient.
    gradient.assign(accumulated);
    double norm = GlobalNorm.clip(gradient, maxGradientNorm);
    LearningRate.set(updater, learningRate);
    // It reads the flat gradient; the one by name would be for DL4J's own clipping.
    updater.update(
        new DefaultGradient(updater.getFlattenedGradientsView()),
        graph.getIterationCount(),
        graph.getEpochCount(),
        Math.toIntExact(samples),
        LayerWorkspaceMgr.noWorkspaces());
    parameters.subi(gradient);
    forget();
    return norm;
  }

  /** Forgets the gradient of the current step. */
  void forget() {
    samples = 0;
  }

  INDArray parameters() {
    return copy(parameters);
  }

  INDArray updaterState() {
    return copy(state);
  }

  void close() {
    accumulated.close();
    graph.close();
  }

  /** A copy that outlives the workspace that happens to be open. */
  @SuppressWarnings("try") // the scope acts by being open
  private static INDArray copy(INDArray array) {
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return array.dup();
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
