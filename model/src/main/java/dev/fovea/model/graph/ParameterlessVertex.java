package dev.fovea.model.graph;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The configuration of a vertex that has no parameters and works on pictures. Those of a class are
 * equal, unless the class has settings and says otherwise.
 */
abstract class ParameterlessVertex extends GraphVertex {
  private static final long serialVersionUID = 1;

  /** The type of the result for inputs that are all pictures. */
  abstract InputTypeConvolutional outputOf(InputTypeConvolutional... inputs);

  /** What the vertex does in a graph. */
  abstract ParameterlessExecution execution(
      ComputationGraph graph, String name, int index, DataType dataType);

  @Override
  public final org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    return execution(graph, name, index, dataType);
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return 1;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    for (InputType input : inputs) {
      if (!(input instanceof InputTypeConvolutional)) {
        throw new InvalidInputTypeException(
            "%s takes pictures, not %s".formatted(this, Arrays.toString(inputs)));
      }
    }
    return outputOf(Arrays.copyOf(inputs, inputs.length, InputTypeConvolutional[].class));
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    return new LayerMemoryReport.Builder(null, getClass(), inputs[0], getOutputType(-1, inputs))
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // immutable, and the superclass has none
  public GraphVertex clone() {
    return this;
  }

  @Override
  @SuppressWarnings("EqualsGetClass") // every class is a kind of vertex of its own
  public boolean equals(Object other) {
    return other != null && getClass() == other.getClass();
  }

  @Override
  public int hashCode() {
    return getClass().hashCode();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
