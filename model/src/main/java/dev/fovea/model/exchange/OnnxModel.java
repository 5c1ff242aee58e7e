package dev.fovea.model.exchange;

import static dev.fovea.model.exchange.OnnxGraph.attribute;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.FoldedConvolution;
import dev.fovea.model.graph.FoldedUpscaler;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The upscaler as an ONNX model, its weight norm folded: input {@code x} [B, 3, H, W], output
 * {@code y} [B, 3, rH, rW], both fp32 RGB in 0..1, with B, H and W free.
 *
 * <p>In fp16 the convolutions and what lies between them compute in half precision; the
 * interpolation that their result is added to stays fp32, because half precision cannot tell apart
 * all levels of a 16-bit picture.
 */
public final class OnnxModel {
  /** The version of ONNX's operators that the model needs. */
  public static final int OPSET = 18;

  /** The version of the file format that goes with it. */
  public static final int IR_VERSION = 8;

  /** The name of the input. */
  public static final String INPUT = "x";

  /** The name of the output. */
  public static final String OUTPUT = "y";

  private static final long LARGEST = Integer.MAX_VALUE - (1 << 20);

  private final OnnxGraph graph = new OnnxGraph();
  private final ElementType type;

  private OnnxModel(ElementType type) {
    this.type = type;
  }

  /**
   * Writes a model.
   *
   * @param parameters the flat parameter vector of the upscaler's graph
   * @param type {@code F32} or {@code F16}
   * @param metadata free text by name
   * @return the content of a {@code .onnx} file; equal arguments give equal bytes
   * @throws IllegalArgumentException if the type is another, the weights are more than a file of
   *     protocol buffers holds, which is 2 GiB, or fp16 cannot hold them
   */
  public static byte[] of(
      UpscalerConfig config, INDArray parameters, ElementType type, Map<String, String> metadata) {
    if (type == ElementType.BF16) {
      throw new IllegalArgumentException("number format BF16 is not F32 or F16");
    }
    if (config.parameterCount() * type.size() > LARGEST) {
      throw new IllegalArgumentException(
          "%d parameters are more than the 2 GiB of an ONNX file hold"
              .formatted(config.parameterCount()));
    }
    OnnxModel model = new OnnxModel(type);
    model.build(config, FoldedUpscaler.fold(config, parameters));
    ModelProto.Builder file =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("fovea")
            .setGraph(model.graph.finish("upscaler", INPUT, OUTPUT))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET));
    new TreeMap<>(metadata)
        .forEach(
            (name, text) ->
                file.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(name).setValue(text)));
    return file.build().toByteArray();
  }

  private void build(UpscalerConfig config, List<FoldedConvolution> folded) {
    Iterator<FoldedConvolution> convolutions = folded.iterator();
    String trunk = convolution(convolutions.next(), converted(INPUT, INPUT + ".half", type));
    for (int k = 0; k < config.numLayers(); k++) {
      String hidden = convolution(convolutions.next(), trunk);
      graph.node("Sigmoid", hidden + ".sigmoid", List.of(hidden));
      graph.node("Mul", hidden + ".silu", List.of(hidden, hidden + ".sigmoid"));
      String branch = convolution(convolutions.next(), hidden + ".silu");
      String sum = "encoder." + k;
      graph.node("Add", sum, List.of(trunk, branch));
      trunk = sum;
    }
    String deep = convolution(convolutions.next(), trunk);
    int ratio = config.upscaleRatio();
    graph.node(
        "DepthToSpace",
        "shuffled",
        List.of(converted(deep, deep + ".single", ElementType.F32)),
        attribute("blocksize", ratio),
        attribute("mode", "CRD"));
    graph.constant("scales", ElementType.F32, new float[] {1, 1, ratio, ratio}, 4);
    graph.node(
        "Resize",
        "base",
        List.of(INPUT, "", "scales"),
        attribute("mode", config.baseUpscaler() == BaseUpscaler.BICUBIC ? "cubic" : "linear"),
        attribute("coordinate_transformation_mode", "half_pixel"),
        attribute("cubic_coeff_a", -0.75f));
    graph.node("Add", "sum", List.of("shuffled", "base"));
    graph.constant("zero", ElementType.F32, new float[] {0});
    graph.constant("one", ElementType.F32, new float[] {1});
    graph.node("Clip", OUTPUT, List.of("sum", "zero", "one"));
  }

  /** Where weights are fp16, a node that brings a value into the given format. */
  private String converted(String value, String name, ElementType to) {
    if (type == ElementType.F32) {
      return value;
    }
    graph.node("Cast", name, List.of(value), attribute("to", OnnxGraph.number(to)));
    return name;
  }

  /** Answers the name of its output. */
  private String convolution(FoldedConvolution convolution, String in) {
    try (convolution) {
      String name = convolution.name();
      long[] shape = convolution.weights().shape();
      constant(name + ".weight", convolution.weights(), shape);
      constant(name + ".bias", convolution.bias(), shape[0]);
      long padding = shape[2] / 2;
      graph.node(
          "Conv",
          name,
          List.of(in, name + ".weight", name + ".bias"),
          attribute("kernel_shape", shape[2], shape[3]),
          attribute("pads", padding, padding, padding, padding));
      return name;
    }
  }

  private void constant(String name, INDArray array, long... shape) {
    float[] values = new float[Math.toIntExact(array.length())];
    HostCopy.read(array, 0, values.length, values);
    Halves.requireRange(name, type, values);
    graph.constant(name, type, values, shape);
  }
}
