package dev.fovea.model.engine.torch;

import dev.fovea.model.optim.ParameterUpdater;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;

/**
 * How DL4J lays the parameters and the updater state of a graph out in its flat vectors.
 *
 * @param placements every parameter, in the order of the flat vectors
 * @param parameterLength elements of the flat parameter vector
 * @param stateLength elements of the flat updater state
 */
record FlatLayout(List<Placement> placements, long parameterLength, long stateLength) {
  FlatLayout {
    placements = List.copyOf(placements);
  }

  /**
   * Reads the layout from an initialised network.
   *
   * @throws IllegalArgumentException naming the parameter and its updater if that is none of ours
   */
  static FlatLayout of(ComputationGraph network) {
    List<Placement> placements = new ArrayList<>();
    BaseMultiLayerUpdater<?> updater = network.getUpdater();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      UpdaterBlock.ParamState parameter = block.getLayersAndVariablesInBlock().get(0);
      String layer = parameter.getLayer().getConfig().getLayerName();
      String name = parameter.getParamName();
      if (!(block.getGradientUpdater().getConfig() instanceof ParameterUpdater own)
          || own.parameter() == null) {
        throw new IllegalArgumentException(
            "parameter %s of layer %s is updated by %s; the torch engine knows Adafactor"
                .formatted(name, layer, block.getGradientUpdater().getConfig()));
      }
      placements.add(
          new Placement(
              layer,
              parameter.getLayer().getConfig().getClass(),
              name,
              block.getParamOffsetStart(),
              block.getUpdaterViewOffsetStart(),
              own));
    }
    return new FlatLayout(placements, network.numParams(), updater.getStateViewArray().length());
  }
}
