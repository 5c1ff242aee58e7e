package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The nodes and constants of an ONNX graph in the making. */
final class OnnxGraph {
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final ProtoMessage graph = new ProtoMessage();

  /** ONNX's number of a number format. */
  static int number(ElementType type) {
    return switch (type) {
      case F32 -> 1;
      case F16 -> 10;
      case BF16 -> 16;
    };
  }

  /** Adds a node whose name is that of its output. */
  void node(String type, String output, List<String> inputs, ProtoMessage... attributes) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.string(1, input));
    node.string(2, output).string(3, output).string(4, type);
    for (ProtoMessage attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  /** Adds a constant; no shape makes a scalar. */
  void constant(String name, ElementType type, float[] values, long... shape) {
    ProtoMessage tensor = new ProtoMessage();
    for (long size : shape) {
      tensor.varint(1, size);
    }
    byte[] raw = new byte[Math.multiplyExact(values.length, type.size())];
    type.write(values, values.length, ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN));
    graph.message(5, tensor.varint(2, number(type)).string(8, name).bytes(9, raw));
  }

  /** The finished graph; input and output are fp32 pictures [batch, 3, height, width]. */
  ProtoMessage finish(String name, String input, String output) {
    return graph.string(2, name).message(11, picture(input)).message(12, picture(output));
  }

  private static ProtoMessage picture(String name) {
    ProtoMessage shape =
        new ProtoMessage()
            .message(1, new ProtoMessage().string(2, "batch"))
            .message(1, new ProtoMessage().varint(1, 3))
            .message(1, new ProtoMessage().string(2, name + ".height"))
            .message(1, new ProtoMessage().string(2, name + ".width"));
    ProtoMessage tensor = new ProtoMessage().varint(1, number(ElementType.F32)).message(2, shape);
    return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensor));
  }

  static ProtoMessage attribute(String name, int value) {
    return new ProtoMessage().string(1, name).varint(3, value).varint(20, ATTRIBUTE_INT);
  }

  static ProtoMessage attribute(String name, float value) {
    return new ProtoMessage().string(1, name).fixed32(2, value).varint(20, ATTRIBUTE_FLOAT);
  }

  static ProtoMessage attribute(String name, String value) {
    return new ProtoMessage().string(1, name).string(4, value).varint(20, ATTRIBUTE_STRING);
  }

  static ProtoMessage attribute(String name, long... values) {
    ProtoMessage attribute = new ProtoMessage().string(1, name);
    for (long value : values) {
      attribute.varint(8, value);
    }
    return attribute.varint(20, ATTRIBUTE_INTS);
  }
}
