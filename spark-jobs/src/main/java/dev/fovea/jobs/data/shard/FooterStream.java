package dev.fovea.jobs.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Holds back what is written from some moment on, so that the footer can be put in order.
 *
 * <p>Parquet lists a column's encodings in the order of a hash set of enums, which is another in
 * every process; sorted, the same rows give the same bytes everywhere.
 */
final class FooterStream extends PositionOutputStream {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final PositionOutputStream stream;
  private ByteArrayOutputStream held;

  FooterStream(PositionOutputStream stream) {
    this.stream = stream;
  }

  /** From now on nothing reaches the file until {@link #release()}. */
  void hold() {
    held = new ByteArrayOutputStream();
  }

  /** Writes what was held back, the footer at its end put in order. */
  void release() throws IOException {
    stream.write(sorted(held.toByteArray()));
    held = null;
    stream.flush();
  }

  @Override
  public long getPos() throws IOException {
    return stream.getPos() + (held == null ? 0 : held.size());
  }

  @Override
  public void write(int value) throws IOException {
    if (held == null) {
      stream.write(value);
    } else {
      held.write(value);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (held == null) {
      stream.write(bytes, offset, length);
    } else {
      held.write(bytes, offset, length);
    }
  }

  /** Parquet's writer closes with its footer; the file stays open until the footer is written. */
  @Override
  public void close() {}

  void closeFile() throws IOException {
    stream.close();
  }

  /** Indexes, footer, the footer's length in 4 bytes, PAR1. */
  private static byte[] sorted(byte[] tail) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    int length = buffer.getInt(tail.length - MAGIC.length - Integer.BYTES);
    int start = tail.length - MAGIC.length - Integer.BYTES - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(tail, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        column.getMeta_data().getEncodings().sort(Comparator.naturalOrder());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tail, 0, start);
    Util.writeFileMetaData(footer, out);
    int written = out.size() - start;
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(written).array());
    out.writeBytes(MAGIC);
    return out.toByteArray();
  }
}
