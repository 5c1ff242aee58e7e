package dev.fovea.model.engine.nd4j;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Passes through a DL4J graph, vertex by vertex. {@code ComputationGraph} itself can neither go
 * back later than it went forward, with other passes in between, nor tell the gradient of its
 * input.
 *
 * <p>Everything that a pass computes lies in a workspace of its own, from {@link #begin} to {@link
 * #end}, and is overwritten by the next one. Belongs to the thread that uses it.
 */
final class GraphPass {
  private static final WorkspaceConfiguration MEMORY =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .overallocationLimit(0.02)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyReset(ResetPolicy.BLOCK_LEFT)
          .policySpill(SpillPolicy.REALLOCATE)
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .build();

  private final String name;
  private final GraphVertex[] vertices;
  private final int[] order;
  private final int input;
  private final int output;
  private final LayerWorkspaceMgr workspaces;
  private MemoryWorkspace memory;

  /** Whether the gradient of the pictures is asked for. */
  enum InputGradient {
    WANTED,
    UNWANTED
  }

  /**
   * @param name of the workspace, unique on the thread
   * @param network with one input
   * @param output the vertex that passes end at and go back from
   */
  GraphPass(String name, ComputationGraph network, String output) {
    this.name = name;
    vertices = network.getVertices();
    order = network.topologicalSortOrder();
    input =
        network.getVertex(network.getConfiguration().getNetworkInputs().get(0)).getVertexIndex();
    this.output = network.getVertex(output).getVertexIndex();
    workspaces = LayerWorkspaceMgr.builder().defaultWorkspace(name, MEMORY).build();
  }

  /** Opens the memory of a pass. */
  void begin() {
    end();
    memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, name);
  }

  /** Closes it, if it is open; what the pass computed is gone. */
  void end() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }

  /**
   * Goes forward in training mode.
   *
   * @return what the output vertex computed, valid until the pass ends
   */
  INDArray train(INDArray pictures) {
    return forward(pictures, true);
  }

  /** Goes forward in evaluation mode. */
  INDArray evaluate(INDArray pictures) {
    return forward(pictures, false);
  }

  private INDArray forward(INDArray pictures, boolean training) {
    INDArray[] values = new INDArray[vertices.length];
    values[input] = pictures;
    for (int index : order) {
      GraphVertex vertex = vertices[index];
      if (index != input) {
        VertexIndices[] sources = vertex.getInputVertices();
        for (int i = 0; i < sources.length; i++) {
          vertex.setInput(i, values[sources[i].getVertexIndex()], workspaces);
        }
        values[index] = vertex.doForward(training, workspaces);
      }
      if (index == output) {
        return values[index];
      }
    }
    throw new IllegalStateException("vertex %d is not in the order of the graph".formatted(output));
  }

  /**
   * Goes back over the last {@link #train}, and overwrites the gradients of all parameters in front
   * of the output vertex.
   *
   * @param gradient of what the output vertex computed; may be overwritten
   * @return the gradient of the pictures, valid until the pass ends; null if it is not wanted
   */
  INDArray back(INDArray gradient, InputGradient inputGradient) {
    INDArray[] gradients = new INDArray[vertices.length];
    gradients[output] = gradient;
    boolean[] led = leadingToParameters(inputGradient);
    for (int i = order.length - 1; i >= 0; i--) {
      GraphVertex vertex = vertices[order[i]];
      if (order[i] == input || gradients[order[i]] == null || !led[order[i]]) {
        continue;
      }
      vertex.setEpsilon(gradients[order[i]]);
      INDArray[] each = vertex.doBackward(false, workspaces).getSecond();
      vertex.setEpsilon(null);
      gradients[order[i]] = null;
      VertexIndices[] sources = vertex.getInputVertices();
      for (int j = 0; j < sources.length; j++) {
        int source = sources[j].getVertexIndex();
        gradients[source] = gradients[source] == null ? each[j] : gradients[source].addi(each[j]);
      }
    }
    return inputGradient == InputGradient.WANTED ? gradients[input] : null;
  }

  /** The vertices that it is worth going back through. */
  private boolean[] leadingToParameters(InputGradient inputGradient) {
    boolean[] leads = new boolean[vertices.length];
    leads[input] = inputGradient == InputGradient.WANTED;
    for (int index : order) {
      if (index != input) {
        leads[index] =
            vertices[index].numParams() > 0
                || Arrays.stream(vertices[index].getInputVertices())
                    .anyMatch(source -> leads[source.getVertexIndex()]);
      }
    }
    return leads;
  }

  /** Forgets what vertices remember of the last pass. */
  void clear() {
    for (GraphVertex vertex : vertices) {
      vertex.clear();
    }
  }
}
