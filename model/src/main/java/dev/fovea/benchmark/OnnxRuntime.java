package dev.fovea.benchmark;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fovea.config.UpscalerConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * An upscaler in onnxruntime on the CPU, fp32. No other class names onnxruntime's, so that the
 * others load without it. Not thread-safe.
 */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
  private final OrtSession session;

  /**
   * @param parameters the upscaler's flat parameter vector
   * @throws IllegalStateException saying what onnxruntime says
   */
  OnnxRuntime(UpscalerConfig config, float[] parameters, int threads) {
    try {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(OnnxModel.of(config, parameters), options);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** Whether onnxruntime is on the class path. */
  static boolean present() {
    return OnnxRuntime.class.getResource("/ai/onnxruntime/OrtEnvironment.class") != null;
  }

  /**
   * Upscales a batch.
   *
   * @param low samples of [B, 3, H, W]
   * @return samples of [B, 3, rH, rW]
   */
  float[] upscale(float[] low, long... shape) {
    FloatBuffer samples =
        ByteBuffer.allocateDirect(low.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(low)
            .flip();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, samples, shape);
        OrtSession.Result result = session.run(Map.of("x", input))) {
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
