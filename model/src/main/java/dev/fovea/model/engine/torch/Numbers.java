package dev.fovea.model.engine.torch;

import dev.fovea.model.config.Precision;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The number format of a network's convolutions. Their activations and folded weights have it, in
 * channels-last layout; parameters, optimiser, interpolation and loss are fp32.
 */
enum Numbers {
  FP32(Precision.FP32, ScalarType.Float),
  BF16(Precision.BF16, ScalarType.BFloat16);

  /** Of everything that is not a convolution. */
  static final ScalarType TYPE_OF_PICTURES = ScalarType.Float;

  private final Precision precision;
  private final ScalarType type;

  Numbers(Precision precision, ScalarType type) {
    this.precision = precision;
    this.type = type;
  }

  /** How options name it. */
  Precision precision() {
    return precision;
  }

  /** A picture, activation or kernel as the convolutions take it; itself where it is so already. */
  Tensor channelsLast(Tensor tensor) {
    return converted(tensor, type, MemoryFormat.ChannelsLast);
  }

  /** A vector, such as a bias, as the convolutions take it. */
  Tensor vector(Tensor tensor) {
    return tensor.to(type);
  }

  /** A picture for everything that follows the convolutions: fp32, NCHW without gaps. */
  static Tensor picture(Tensor tensor) {
    return converted(tensor, TYPE_OF_PICTURES, MemoryFormat.Contiguous);
  }

  private static Tensor converted(Tensor tensor, ScalarType type, MemoryFormat layout) {
    return tensor.to(type, false, false, new MemoryFormatOptional(layout));
  }
}
