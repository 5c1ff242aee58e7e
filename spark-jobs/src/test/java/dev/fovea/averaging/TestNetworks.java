package dev.fovea.averaging;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Networks for tests of other packages. */
public final class TestNetworks {
  private TestNetworks() {}

  /** What the engine {@code dense} trains: pairs of 2x2 and 4x4 pixels. */
  public static ComputationGraph dense() {
    return DenseEngine.network();
  }
}
