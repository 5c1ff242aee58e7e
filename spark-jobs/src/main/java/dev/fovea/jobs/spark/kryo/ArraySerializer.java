package dev.fovea.jobs.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes ND4J arrays: fp32 in bulk, as little-endian bytes in 'c' order behind their shape, other
 * types in ND4J's own format. ND4J's stock serializer writes element by element.
 */
final class ArraySerializer extends Serializer<INDArray> {
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
    INDArray ordered = array.dup('c');
    try {
      FloatsSerializer.write(
          output, ordered.data().asNioFloat().slice().limit(Math.toIntExact(ordered.length())));
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
    float[] values = FloatsSerializer.read(input, Math.toIntExact(length));
    return Nd4j.createFromArray(values).reshape('c', shape);
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
