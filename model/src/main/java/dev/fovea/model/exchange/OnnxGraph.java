package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** The nodes and constants of an ONNX graph in the making. */
final class OnnxGraph {
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** ONNX's number of a number format. */
  static int number(ElementType type) {
    return switch (type) {
      case F32 -> 1;
      case F16 -> 10;
      case BF16 -> 16;
    };
  }

  /** Adds a node whose name is that of its output. */
  void node(String type, String output, List<String> inputs, AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .addAllInput(inputs)
            .addOutput(output)
            .setName(output)
            .setOpType(type)
            .addAllAttribute(List.of(attributes));
    graph.addNode(node);
  }

  /** Adds a constant; no shape makes a scalar. */
  void constant(String name, ElementType type, float[] values, long... shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder();
    for (long size : shape) {
      tensor.addDims(size);
    }
    byte[] raw = new byte[Math.multiplyExact(values.length, type.size())];
    type.write(values, values.length, ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN));
    graph.addInitializer(
        tensor
            .setDataType(number(type))
            .setName(name)
            .setRawData(UnsafeByteOperations.unsafeWrap(raw)));
  }

  /** The finished graph; input and output are fp32 pictures [batch, 3, height, width]. */
  GraphProto finish(String name, String input, String output) {
    return graph.setName(name).addInput(picture(input)).addOutput(picture(output)).build();
  }

  private static ValueInfoProto picture(String name) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(Dimension.newBuilder().setDimParam("batch"))
            .addDim(Dimension.newBuilder().setDimValue(3))
            .addDim(Dimension.newBuilder().setDimParam(name + ".height"))
            .addDim(Dimension.newBuilder().setDimParam(name + ".width"));
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(number(ElementType.F32)).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  static AttributeProto attribute(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setI(value).setType(AttributeType.INT).build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setF(value)
        .setType(AttributeType.FLOAT)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setS(ByteString.copyFromUtf8(value))
        .setType(AttributeType.STRING)
        .build();
  }

  static AttributeProto attribute(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
