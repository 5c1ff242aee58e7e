package dev.fovea.model.optim;

import java.util.List;
import org.nd4j.linalg.learning.config.IUpdater;

/** A DL4J updater configuration that knows the one parameter it is for. */
public sealed interface ParameterUpdater extends IUpdater permits Adafactor, RunningStatistic {
  /** The parameter's name, unique in the network; null for settings without a parameter. */
  String parameter();

  /**
   * The parameter's shape in PyTorch, whose 'c' order the flat parameter vector follows; a copy.
   */
  long[] shape();

  /** The arrays in the parameter's part of the flat updater state, in order and without gaps. */
  List<StateSlice> layout();
}
