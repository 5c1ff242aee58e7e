package dev.fovea.engine.torch;

import dev.fovea.config.LossConfig;
import dev.fovea.loss.UpscalerLoss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A DL4J graph with one input and one output, the upscaler's or the critic's, as a sequence of
 * LibTorch operations, in the graph's topological order. Immutable and safe for use by several
 * threads.
 */
final class Program {
  private static final int INPUT = 0;

  private final List<Instruction> instructions;
  private final List<LayerStack> stacks;
  private final FlatLayout layout;

  private record Instruction(
      Operation operation, List<Integer> inputs, List<Integer> lastReads, int output) {}

  private Program(List<Instruction> instructions, FlatLayout layout, List<LayerStack> stacks) {
    this.instructions = List.copyOf(instructions);
    this.layout = layout;
    this.stacks = stacks;
  }

  /**
   * Translates a graph.
   *
   * @throws IllegalArgumentException naming what the engine cannot execute
   */
  static Program of(ComputationGraphConfiguration graph) {
    requireOneOutput(graph);
    ComputationGraph network = new ComputationGraph(graph.clone());
    network.init();
    try {
      List<Instruction> instructions = instructions(network);
      FlatLayout layout = FlatLayout.of(network);
      return new Program(instructions, layout, LayerStack.of(layout));
    } finally {
      network.close();
    }
  }

  /** Where the parameters lie. */
  FlatLayout layout() {
    return layout;
  }

  /** The layers with parameters. */
  List<LayerStack> stacks() {
    return stacks;
  }

  /**
   * Computes what the graph's output does. Intermediate results are freed as soon as nobody reads
   * them, except for what LibTorch keeps to go back.
   *
   * @param pictures [B, 3, H, W], fp32; stay as they are
   * @param differentiable whether this is a training-mode pass, of which LibTorch records gradients
   * @return the upscaler's pictures [B, 3, rH, rW] or the critic's logits [B, 1], fp32
   */
  Tensor predict(Tensor pictures, LayerWeights weights, Numbers numbers, boolean differentiable) {
    Tensor[] values = new Tensor[instructions.size() + 1];
    values[INPUT] = pictures;
    for (Instruction instruction : instructions) {
      int[] reads = instruction.inputs().stream().mapToInt(Integer::intValue).toArray();
      Tensor[] inputs = new Tensor[reads.length];
      boolean[] disposable = new boolean[reads.length];
      for (int i = 0; i < reads.length; i++) {
        inputs[i] = values[reads[i]];
        disposable[i] = instruction.lastReads().contains(reads[i]);
      }
      Tensor result =
          instruction
              .operation()
              .apply(new Operation.Call(inputs, disposable, weights, numbers, differentiable));
      values[instruction.output()] = result;
      for (int read : instruction.lastReads()) {
        if (!values[read].equals(result)) {
          values[read].close();
        }
        values[read] = null;
      }
    }
    return values[values.length - 1];
  }

  private static List<Instruction> instructions(ComputationGraph network) {
    ComputationGraphConfiguration graph = network.getConfiguration();
    Map<String, Integer> places = new HashMap<>();
    places.put(graph.getNetworkInputs().get(0), INPUT);
    List<String> order = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (!places.containsKey(name)) {
        order.add(name);
        places.put(name, order.size());
      }
    }
    Map<Integer, String> lastReader = new HashMap<>();
    for (String name : order) {
      graph.getVertexInputs().get(name).forEach(input -> lastReader.put(places.get(input), name));
    }
    lastReader.remove(INPUT);
    List<Instruction> instructions = new ArrayList<>();
    for (String name : order) {
      List<Integer> inputs = graph.getVertexInputs().get(name).stream().map(places::get).toList();
      instructions.add(
          new Instruction(
              Operations.of(name, graph.getVertices().get(name)),
              inputs,
              inputs.stream().distinct().filter(i -> name.equals(lastReader.get(i))).toList(),
              places.get(name)));
    }
    return instructions;
  }

  private static void requireOneOutput(ComputationGraphConfiguration graph) {
    if (graph.getNetworkInputs().size() != 1 || graph.getNetworkOutputs().size() != 1) {
      throw new IllegalArgumentException(
          "graph has inputs %s and outputs %s; the torch engine takes one of each"
              .formatted(graph.getNetworkInputs(), graph.getNetworkOutputs()));
    }
  }

  /**
   * What an upscaler's graph is trained towards.
   *
   * @throws IllegalArgumentException naming the output if it is no {@link UpscalerLoss}
   */
  static LossConfig loss(ComputationGraphConfiguration graph) {
    requireOneOutput(graph);
    String output = graph.getNetworkOutputs().get(0);
    GraphVertex vertex = graph.getVertices().get(output);
    if (vertex instanceof LayerVertex layer
        && layer.getLayerConf().getLayer() instanceof UpscalerLoss end) {
      return end.config();
    }
    throw new IllegalArgumentException(
        "output %s is a %s; the torch engine trains towards %s"
            .formatted(
                output,
                vertex instanceof LayerVertex layer
                    ? layer.getLayerConf().getLayer().getClass().getName()
                    : vertex.getClass().getName(),
                UpscalerLoss.class.getSimpleName()));
  }
}
