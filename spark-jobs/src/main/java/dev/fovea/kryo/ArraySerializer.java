package dev.fovea.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes ND4J arrays: fp32 in bulk, as little-endian bytes in 'c' order behind their shape, other
 * types in ND4J's own format. ND4J's stock serializer writes element by element.
 */
final class ArraySerializer extends Serializer<INDArray> {
  private static final int CHUNK = 1 << 16;
  private static final int OTHER = -1;
  private static final int EMPTY = -2;

  @Override
  public void write(Kryo kryo, Output output, INDArray array) {
    if (array.isEmpty()) {
      output.writeInt(EMPTY);
      output.writeString(array.dataType().name());
      return;
    }
    if (array.dataType() != DataType.FLOAT) {
      writeOther(output, array);
      return;
    }
    output.writeInt(array.rank());
    for (long size : array.shape()) {
      output.writeLong(size);
    }
    byte[] bytes = new byte[(int) Math.min(CHUNK, array.length() * Float.BYTES)];
    FloatBuffer window = floats(bytes);
    INDArray ordered = array.dup('c');
    try {
      FloatBuffer source = ordered.data().asNioFloat();
      for (long left = ordered.length(); left > 0; ) {
        int count = (int) Math.min(left, window.capacity());
        window.clear().put(source.slice().limit(count));
        source.position(source.position() + count);
        output.writeBytes(bytes, 0, count * Float.BYTES);
        left -= count;
      }
    } finally {
      // A buffer does not keep the array: once collected, its memory is freed under the buffer.
      Reference.reachabilityFence(ordered);
    }
  }

  @Override
  public INDArray read(Kryo kryo, Input input, Class<INDArray> type) {
    int rank = input.readInt();
    if (rank == EMPTY) {
      return Nd4j.empty(DataType.valueOf(input.readString()));
    }
    if (rank == OTHER) {
      return readOther(input);
    }
    long[] shape = new long[rank];
    long length = 1;
    for (int i = 0; i < rank; i++) {
      shape[i] = input.readLong();
      length = Math.multiplyExact(length, shape[i]);
    }
    float[] values = new float[Math.toIntExact(length)];
    byte[] bytes = new byte[(int) Math.min(CHUNK, length * Float.BYTES)];
    FloatBuffer window = floats(bytes);
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, window.capacity());
      input.readBytes(bytes, 0, count * Float.BYTES);
      window.clear().get(values, done, count);
      done += count;
    }
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static void writeOther(Output output, INDArray array) {
    try {
      byte[] bytes = Nd4j.toByteArray(array);
      output.writeInt(OTHER);
      output.writeInt(bytes.length);
      output.writeBytes(bytes);
    } catch (IOException e) {
      throw new KryoException("cannot write an array of " + array.dataType(), e);
    }
  }

  private static INDArray readOther(Input input) {
    return Nd4j.fromByteArray(input.readBytes(input.readInt()));
  }
}
