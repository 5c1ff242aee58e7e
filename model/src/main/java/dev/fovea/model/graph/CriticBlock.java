package dev.fovea.model.graph;

import dev.fovea.model.graph.Convolution.Bias;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * A bottleneck block of the critic.
 *
 * @param in channels of its input
 * @param hidden channels inside
 * @param out channels of its result
 * @param stride by which it makes pictures smaller
 */
public record CriticBlock(int in, int hidden, int out, int stride) {

  /**
   * Adds the block's layers and vertices to a graph.
   *
   * @param name what their names begin with
   * @param input the vertex that it reads, in NHWC
   * @return the vertex that holds its result, in NHWC
   */
  public String addTo(GraphBuilder graph, String name, String input) {
    graph
        .addLayer(
            name + ".conv1", new Convolution(in, hidden, 1, 1, Bias.NONE, Activation.NONE), input)
        .addLayer(name + ".norm", new BatchNorm(hidden, Activation.SILU), name + ".conv1")
        .addLayer(
            name + ".conv2",
            new Convolution(hidden, hidden, 3, stride, Bias.ADDED, Activation.SILU),
            name + ".norm")
        .addLayer(
            name + ".conv3",
            new Convolution(hidden, out, 1, 1, Bias.ADDED, Activation.NONE),
            name + ".conv2");
    String skip = input;
    if (in != out || stride != 1) {
      skip = name + ".skip";
      graph.addLayer(skip, new Convolution(in, out, 1, stride, Bias.NONE, Activation.NONE), input);
    }
    graph
        .addVertex(name + ".sum", new SumVertex(), skip, name + ".conv3")
        .addVertex(name, new SiLUVertex(), name + ".sum");
    return name;
  }
}
