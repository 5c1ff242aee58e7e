package dev.fovea.engine;

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

  @Override
  void close();
}
