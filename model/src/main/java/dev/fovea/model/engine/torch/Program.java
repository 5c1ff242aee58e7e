package dev.fovea.model.engine.torch;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.loss.UpscalerLoss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /**
   * One vertex.
   *
   * @param inputs the places of its inputs
   * @param learning for each input, whether there are parameters before it
   * @param lastReads the places that nobody reads after it
   * @param learns whether there are parameters in it or before it
   * @param output the place of its result
   */
  private record Instruction(
      Operation operation,
      List<Integer> inputs,
      List<Boolean> learning,
      List<Integer> lastReads,
      boolean learns,
      int output) {
    Operation.Call call(
        Tensor[] values, LayerWeights weights, Numbers numbers, boolean differentiable) {
      Tensor[] read = new Tensor[inputs.size()];
      boolean[] disposable = new boolean[read.length];
      for (int i = 0; i < read.length; i++) {
        read[i] = values[inputs.get(i)];
        disposable[i] = lastReads.contains(inputs.get(i));
      }
      return new Operation.Call(read, disposable, weights, numbers, differentiable);
    }

    boolean[] asked() {
      boolean[] asked = new boolean[learning.size()];
      for (int i = 0; i < asked.length; i++) {
        asked[i] = learning.get(i);
      }
      return asked;
    }

    /** Takes over the result and frees what nobody reads any more. */
    void store(Tensor result, Tensor[] values) {
      values[output] = result;
      for (int read : lastReads) {
        if (!values[read].equals(result)) {
          values[read].close();
        }
        values[read] = null;
      }
    }
  }

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
      Operation.Call call = instruction.call(values, weights, numbers, differentiable);
      instruction.store(instruction.operation().apply(call), values);
    }
    return values[values.length - 1];
  }

  /**
   * Computes what the graph's output does, recording the way back; autograd must not.
   *
   * @param pictures [B, 3, H, W], fp32; stay as they are; no gradient leads to them
   * @param weights belong to the pass from now on
   */
  RecordedPass record(Tensor pictures, RecordedWeights weights, Numbers numbers) {
    Tensor[] values = new Tensor[instructions.size() + 1];
    values[INPUT] = pictures;
    RecordedPass pass = new RecordedPass(weights);
    try {
      for (Instruction instruction : instructions) {
        Operation.Call call = instruction.call(values, LayerWeights.NONE, numbers, false);
        if (instruction.learns()) {
          Recorded recorded = instruction.operation().record(call, weights, instruction.asked());
          pass.add(recorded, instruction.inputs(), instruction.output());
          instruction.store(recorded.result(), values);
        } else {
          instruction.store(instruction.operation().apply(call), values);
        }
      }
      pass.end(values[values.length - 1]);
      return pass;
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
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
    Set<Integer> learning = new HashSet<>();
    for (String name : order) {
      List<Integer> inputs = graph.getVertexInputs().get(name).stream().map(places::get).toList();
      List<Boolean> asked = inputs.stream().map(learning::contains).toList();
      boolean learns = asked.contains(true) || network.getVertex(name).numParams() > 0;
      if (learns) {
        learning.add(places.get(name));
      }
      instructions.add(
          new Instruction(
              Operations.of(name, graph.getVertices().get(name)),
              inputs,
              asked,
              inputs.stream().distinct().filter(i -> name.equals(lastReader.get(i))).toList(),
              learns,
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
