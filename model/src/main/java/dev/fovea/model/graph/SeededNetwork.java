package dev.fovea.model.graph;

import dev.fovea.model.arrays.Nd4jLoops;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Networks whose initial values depend on a seed and on nothing else. */
final class SeededNetwork {
  private SeededNetwork() {}

  /** A new network; the configuration stays as it is. */
  static ComputationGraph of(ComputationGraphConfiguration graph, long seed) {
    Nd4jLoops.settle();
    ComputationGraphConfiguration seeded = graph.clone();
    seeded.getDefaultConfiguration().setSeed(seed);
    for (var vertex : seeded.getVertices().values()) {
      if (vertex instanceof LayerVertex layer) {
        layer.getLayerConf().setSeed(seed);
      }
    }
    ComputationGraph network = new ComputationGraph(seeded);
    network.init();
    return network;
  }
}
