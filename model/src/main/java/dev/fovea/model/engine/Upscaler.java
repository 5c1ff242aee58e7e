package dev.fovea.model.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/** An upscaler ready for inference on one device. Not thread-safe. */
public interface Upscaler extends AutoCloseable {
  /**
   * Upscales a batch of pictures of one size.
   *
   * @param lowResolution NCHW [B, 3, H, W], RGB in [0, 1]; any H and W
   * @return NCHW [B, 3, rH, rW], RGB in [0, 1], owned by the caller
   */
  INDArray upscale(INDArray lowResolution);

  /**
   * What computes and in which number format, such as {@code torch cpu bf16}: two upscalers of the
   * same parameters that say the same are expected to agree.
   */
  String execution();

  @Override
  void close();
}
