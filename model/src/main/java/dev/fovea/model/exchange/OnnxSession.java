package dev.fovea.model.exchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * An exported upscaler in onnxruntime on the CPU, to be compared with. No other class names
 * onnxruntime's, which is not on every class path, so that the others load without it. Not
 * thread-safe.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
  private final OrtSession session;

  /**
   * Opens a model.
   *
   * @param model the content of a {@code .onnx} file
   * @param threads CPU threads, 1 or more
   * @throws IllegalStateException saying what onnxruntime says
   */
  public OnnxSession(byte[] model, int threads) {
    try {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /**
   * Upscales a batch.
   *
   * @param low samples of [B, 3, H, W], RGB in 0..1
   * @param shape B, 3, H, W
   * @return samples of [B, 3, rH, rW]
   */
  public float[] upscale(float[] low, long... shape) {
    FloatBuffer samples =
        ByteBuffer.allocateDirect(low.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(low)
            .flip();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, samples, shape);
        OrtSession.Result result = session.run(Map.of(OnnxModel.INPUT, input))) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] high = new float[output.remaining()];
      output.get(high);
      return high;
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
      options.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(OrtException e) {
    return new IllegalStateException("onnxruntime failed: " + e.getMessage(), e);
  }
}
