package dev.fovea.benchmark;

import dev.fovea.config.BaseUpscaler;
import dev.fovea.config.UpscalerConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The upscaler as an ONNX model (opset 18), its weight norm folded: input {@code x} [B, 3, H, W],
 * output {@code y} [B, 3, rH, rW]. Written for the benchmark, in as much of ONNX's protocol-buffer
 * format as that takes.
 */
final class OnnxModel {
  private static final int FLOAT = 1;

  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final Message graph = new Message();

  private OnnxModel() {}

  /**
   * Writes a model.
   *
   * @param parameters the upscaler's flat parameters: v, g and b of one convolution after another
   */
  static byte[] of(UpscalerConfig config, float[] parameters) {
    OnnxModel model = new OnnxModel();
    int channels = config.numChannels();
    int ratio = config.upscaleRatio();
    int at = 0;
    at = model.convolution("input", "x", "z", parameters, at, 3, channels, 5);
    String trunk = "z";
    for (int k = 0; k < config.numLayers(); k++) {
      String block = "encoder." + k;
      int hidden = config.hiddenChannels();
      at =
          model.convolution(block + ".1", trunk, block + ".h", parameters, at, channels, hidden, 3);
      model.node("Sigmoid", block + ".s", List.of(block + ".h"));
      model.node("Mul", block + ".a", List.of(block + ".h", block + ".s"));
      at =
          model.convolution(
              block + ".2", block + ".a", block + ".r", parameters, at, hidden, channels, 3);
      model.node("Add", block + ".z", List.of(trunk, block + ".r"));
      trunk = block + ".z";
    }
    int end =
        model.convolution("decoder", trunk, "d", parameters, at, channels, 3 * ratio * ratio, 3);
    if (end != parameters.length) {
      throw new IllegalArgumentException(
          "%d parameters given, %s has %d".formatted(parameters.length, config, end));
    }
    model.node(
        "DepthToSpace",
        "shuffled",
        List.of("d"),
        attribute("blocksize", ratio),
        attribute("mode", "CRD"));
    model.tensor("scales", new long[] {4}, new float[] {1, 1, ratio, ratio});
    model.node(
        "Resize",
        "base",
        List.of("x", "", "scales"),
        attribute("mode", config.baseUpscaler() == BaseUpscaler.BICUBIC ? "cubic" : "linear"),
        attribute("coordinate_transformation_mode", "half_pixel"),
        attribute("cubic_coeff_a", -0.75f));
    model.node("Add", "sum", List.of("shuffled", "base"));
    model.tensor("zero", new long[0], new float[] {0});
    model.tensor("one", new long[0], new float[] {1});
    model.node("Clip", "y", List.of("sum", "zero", "one"));
    model.graph.string(2, "upscaler");
    model.graph.message(11, picture("x"));
    model.graph.message(12, picture("y"));
    return new Message()
        .varint(1, 8)
        .message(7, model.graph)
        .message(8, new Message().varint(2, 18))
        .bytes();
  }

  /** Answers where the next convolution's parameters start. */
  private int convolution(
      String name, String in, String out, float[] parameters, int at, int from, int to, int size) {
    int length = from * size * size;
    int gains = at + to * length;
    float[] kernel = new float[to * length];
    for (int o = 0; o < to; o++) {
      double squares = 0;
      for (int i = 0; i < length; i++) {
        float v = parameters[at + o * length + i];
        squares += (double) v * v;
      }
      double scale = parameters[gains + o] / Math.sqrt(squares);
      for (int i = 0; i < length; i++) {
        kernel[o * length + i] = (float) (scale * parameters[at + o * length + i]);
      }
    }
    float[] bias = new float[to];
    System.arraycopy(parameters, gains + to, bias, 0, to);
    tensor(name + ".w", new long[] {to, from, size, size}, kernel);
    tensor(name + ".b", new long[] {to}, bias);
    long padding = size / 2;
    node(
        "Conv",
        out,
        List.of(in, name + ".w", name + ".b"),
        attribute("kernel_shape", size, size),
        attribute("pads", padding, padding, padding, padding));
    return gains + 2 * to;
  }

  private void node(String type, String output, List<String> inputs, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.string(1, input));
    node.string(2, output).string(3, output).string(4, type);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  private void tensor(String name, long[] shape, float[] values) {
    Message tensor = new Message();
    for (long size : shape) {
      tensor.varint(1, size);
    }
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    graph.message(5, tensor.varint(2, FLOAT).string(8, name).bytes(9, raw.array()));
  }

  private static Message picture(String name) {
    Message shape =
        new Message()
            .message(1, new Message().string(2, "batch"))
            .message(1, new Message().varint(1, 3))
            .message(1, new Message().string(2, name + ".height"))
            .message(1, new Message().string(2, name + ".width"));
    Message tensor = new Message().varint(1, FLOAT).message(2, shape);
    return new Message().string(1, name).message(2, new Message().message(1, tensor));
  }

  private static Message attribute(String name, int value) {
    return new Message().string(1, name).varint(3, value).varint(20, ATTRIBUTE_INT);
  }

  private static Message attribute(String name, float value) {
    return new Message().string(1, name).fixed32(2, value).varint(20, ATTRIBUTE_FLOAT);
  }

  private static Message attribute(String name, String value) {
    return new Message().string(1, name).string(4, value).varint(20, ATTRIBUTE_STRING);
  }

  private static Message attribute(String name, long... values) {
    Message attribute = new Message().string(1, name);
    for (long value : values) {
      attribute.varint(8, value);
    }
    return attribute.varint(20, ATTRIBUTE_INTS);
  }

  /** A message of protocol buffers in the making. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message varint(int field, long value) {
      tag(field, VARINT);
      write(value);
      return this;
    }

    Message fixed32(int field, float value) {
      tag(field, FIXED_32);
      int bits = Float.floatToIntBits(value);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        out.write(bits >>> shift);
      }
      return this;
    }

    Message string(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      tag(field, LENGTH_DELIMITED);
      write(value.length);
      out.writeBytes(value);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void tag(int field, int type) {
      write(((long) field << 3) | type);
    }

    private void write(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
