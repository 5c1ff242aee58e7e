package dev.fovea.model.engine.vector;

import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.FoldedConvolution;
import dev.fovea.model.graph.FoldedUpscaler;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An upscaler's layers, folded and transformed, which takes seven times the memory of its
 * parameters. Immutable, for any number of upscalers and threads.
 *
 * @param input the first layer
 * @param blocks the residual ones
 * @param decoder the last one
 */
record TransformedNetwork(InputConvolution input, List<Block> blocks, Winograd decoder) {
  private static WeakReference<TransformedNetwork> last = new WeakReference<>(null);
  private static UpscalerConfig lastConfig;
  private static float[] lastParameters;

  /** A residual block. */
  record Block(Winograd widening, Winograd narrowing) {}

  /**
   * Folds and transforms an upscaler; what was transformed last is shared while it is in use, since
   * upscalers that run beside each other mostly are the same.
   *
   * @throws IllegalArgumentException if the vector's length does not fit the configuration
   */
  static synchronized TransformedNetwork of(
      UpscalerConfig config, INDArray parameters, Workers workers) {
    float[] values = parameters.dup('c').data().asFloat();
    TransformedNetwork network = last.get();
    if (network == null || !config.equals(lastConfig) || !Arrays.equals(values, lastParameters)) {
      List<FoldedConvolution> folded = FoldedUpscaler.fold(config, parameters);
      try {
        network = transformed(folded, workers);
      } finally {
        folded.forEach(FoldedConvolution::close);
      }
      last = new WeakReference<>(network);
      lastConfig = config;
      lastParameters = values;
    }
    return network;
  }

  private static TransformedNetwork transformed(List<FoldedConvolution> folded, Workers workers) {
    int decoder = folded.size() - 1;
    Winograd[] layers = new Winograd[folded.size()];
    workers.each(
        decoder,
        (i, scratch) -> {
          int layer = i + 1;
          Winograd.Ending ending =
              layer == decoder
                  ? Winograd.Ending.NONE
                  : layer % 2 == 1 ? Winograd.Ending.SILU : Winograd.Ending.RESIDUAL;
          layers[layer] = Winograd.of(weights(folded.get(layer)), bias(folded.get(layer)), ending);
        });
    List<Block> blocks = new ArrayList<>();
    for (int i = 1; i < decoder; i += 2) {
      blocks.add(new Block(layers[i], layers[i + 1]));
    }
    return new TransformedNetwork(
        new InputConvolution(weights(folded.get(0)), bias(folded.get(0))),
        List.copyOf(blocks),
        layers[decoder]);
  }

  private static float[] weights(FoldedConvolution layer) {
    return layer.weights().data().asFloat();
  }

  private static float[] bias(FoldedConvolution layer) {
    return layer.bias().dup().data().asFloat();
  }
}
