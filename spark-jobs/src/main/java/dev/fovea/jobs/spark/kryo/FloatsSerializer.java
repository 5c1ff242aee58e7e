package dev.fovea.jobs.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Writes fp32 numbers in bulk, as little-endian bytes. Kryo's own goes number by number. */
final class FloatsSerializer extends Serializer<float[]> {
  private static final int CHUNK = 1 << 16;

  FloatsSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, float[] values) {
    output.writeInt(values.length);
    write(output, FloatBuffer.wrap(values));
  }

  @Override
  public float[] read(Kryo kryo, Input input, Class<float[]> type) {
    return read(input, input.readInt());
  }

  /** Writes what is left of the buffer, without its length. */
  static void write(Output output, FloatBuffer source) {
    byte[] bytes = new byte[(int) Math.min(CHUNK, (long) source.remaining() * Float.BYTES)];
    FloatBuffer window = floats(bytes);
    while (source.hasRemaining()) {
      int count = Math.min(source.remaining(), window.capacity());
      window.clear().put(source.slice().limit(count));
      source.position(source.position() + count);
      output.writeBytes(bytes, 0, count * Float.BYTES);
    }
  }

  static float[] read(Input input, int length) {
    float[] values = new float[length];
    byte[] bytes = new byte[(int) Math.min(CHUNK, (long) length * Float.BYTES)];
    FloatBuffer window = floats(bytes);
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, window.capacity());
      input.readBytes(bytes, 0, count * Float.BYTES);
      window.clear().get(values, done, count);
      done += count;
    }
    return values;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
