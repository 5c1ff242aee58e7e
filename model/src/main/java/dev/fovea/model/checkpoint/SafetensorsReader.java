package dev.fovea.model.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a safetensors file front to back. Nothing is allocated on the word of a header that the
 * length of the file does not bear out. Not thread-safe; the stream stays the caller's.
 */
public final class SafetensorsReader {
  /** The format's own limit. */
  static final long MAXIMUM_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 14;

  private final String file;
  private final InputStream in;
  private final SafetensorsHeader header;
  private final Iterator<TensorInfo> remaining;

  /** Takes the values of a tensor, piece by piece. */
  @FunctionalInterface
  public interface FloatSink {
    /** Takes the first {@code count} values as the elements from number {@code position} on. */
    void accept(float[] values, int count, long position);
  }

  /**
   * Reads and checks the header.
   *
   * @param file the file's name, for messages
   * @param length the file's length in bytes
   * @throws DamagedFileException if the header breaks a rule of the format
   */
  public SafetensorsReader(String file, InputStream in, long length) throws IOException {
    this.file = file;
    this.in = in;
    if (length < 8) {
      throw new DamagedFileException(file, "%d bytes are no safetensors file".formatted(length));
    }
    byte[] start = exactly(8, "length of the header");
    long headerLength = littleEndian(start).getLong();
    if (headerLength < 2 || headerLength > Math.min(MAXIMUM_HEADER, length - 8)) {
      Optional<ForeignFormat> foreign = ForeignFormat.of(start);
      if (foreign.isPresent()) {
        throw new DamagedFileException(
            file, "no safetensors file but " + foreign.get().description());
      }
      throw new DamagedFileException(
          file,
          "header of %s bytes, allowed are 2 to %d in a file of %d"
              .formatted(
                  Long.toUnsignedString(headerLength),
                  Math.min(MAXIMUM_HEADER, length - 8),
                  length));
    }
    byte[] bytes = exactly((int) headerLength, "header");
    header = SafetensorsHeader.parse(file, bytes, length - 8 - headerLength);
    remaining = header.tensors().iterator();
  }

  /** The tensors in the order of their bytes, in which {@link #next} goes through them. */
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  /** The file's free texts by name. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Reads the values of the next tensor.
   *
   * @return which tensor it was
   * @throws DamagedFileException if the file ends within it
   */
  public TensorInfo next(FloatSink sink) throws IOException {
    TensorInfo tensor = remaining.next();
    float[] values = new float[CHUNK];
    long elements = tensor.elements();
    for (long position = 0; position < elements; position += CHUNK) {
      int count = (int) Math.min(CHUNK, elements - position);
      byte[] bytes = exactly(count * tensor.type().size(), "tensor '" + tensor.name() + "'");
      tensor.type().read(littleEndian(bytes), count, values);
      sink.accept(values, count, position);
    }
    return tensor;
  }

  private byte[] exactly(int count, String what) throws IOException {
    byte[] bytes;
    try {
      bytes = in.readNBytes(count);
    } catch (EOFException e) {
      throw new DamagedFileException(file, "ends within " + what, e);
    }
    if (bytes.length < count) {
      throw new DamagedFileException(file, "ends within " + what);
    }
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
