package dev.fovea.jobs.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetFileWriter.Mode;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one shard. The same rows in the same order give the same bytes.
 *
 * <p>Parquet's own record writer looks at a row group's size only every hundred records, which for
 * photographs is hundreds of megabytes; this one closes a group before it would exceed its limit.
 * Nothing is compressed, because pictures are.
 *
 * <p>Not safe for use by several threads.
 */
public final class ShardWriter implements Closeable {
  /** Row groups hold at most this many bytes of pictures, or a single picture that is larger. */
  public static final long ROW_GROUP_BYTES = 8L << 20;

  private static final int INDEXED_BYTES = 64;

  private final Path path;
  private final FooterStream stream;
  private final ParquetFileWriter file;
  private final CodecFactory codecs;
  private final ParquetProperties properties =
      ParquetProperties.builder().withDictionaryEncoding(false).build();
  private final MessageColumnIO columns = new ColumnIOFactory().getColumnIO(ShardSchema.ROW);
  private final long rowGroupBytes;

  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore store;
  private RecordConsumer consumer;
  private long rows;
  private long groupRows;
  private long groupBytes;

  /** Replaces the file {@code path} by a shard whose row groups have the usual size. */
  public ShardWriter(Configuration configuration, Path path) throws IOException {
    this(configuration, path, ROW_GROUP_BYTES);
  }

  /**
   * Replaces the file {@code path} by a shard.
   *
   * @param rowGroupBytes bytes of pictures in a row group at most; a larger picture gets one alone
   */
  public ShardWriter(Configuration configuration, Path path, long rowGroupBytes)
      throws IOException {
    if (rowGroupBytes < 1) {
      throw new IllegalArgumentException(
          "row groups of %d bytes: 1 or more is allowed".formatted(rowGroupBytes));
    }
    this.rowGroupBytes = rowGroupBytes;
    this.path = path;
    codecs = new CodecFactory(configuration, properties.getPageSizeThreshold());
    stream = new FooterStream(HadoopOutputFile.fromPath(path, configuration).createOrOverwrite(0));
    file =
        new ParquetFileWriter(
            new OpenFile(stream),
            ShardSchema.ROW,
            Mode.OVERWRITE,
            ROW_GROUP_BYTES,
            0,
            INDEXED_BYTES,
            INDEXED_BYTES,
            true);
    file.start();
    startGroup();
  }

  public void write(ShardRow row) throws IOException {
    if (groupRows > 0 && groupBytes + row.bytes().length > rowGroupBytes) {
      endGroup();
      startGroup();
    }
    ShardSchema.write(row, consumer);
    rows++;
    groupRows++;
    groupBytes += row.bytes().length;
  }

  /** Writes what is left and the footer; only then the file is a shard. */
  public ShardManifest.Shard finish() throws IOException {
    endGroup();
    stream.hold();
    file.end(Map.of(ShardSchema.VERSION_KEY, ShardSchema.VERSION));
    stream.release();
    return new ShardManifest.Shard(path.getName(), rows, stream.getPos());
  }

  /** Closes the file. Without {@link #finish()} before it, what was written is no shard. */
  @Override
  public void close() throws IOException {
    codecs.release();
    stream.closeFile();
  }

  @SuppressWarnings("deprecation") // What is newer, Spark 3.5's Parquet does not have.
  private void startGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.UNCOMPRESSED),
            ShardSchema.ROW,
            new HeapByteBufferAllocator(),
            INDEXED_BYTES,
            true);
    store = properties.newColumnWriteStore(ShardSchema.ROW, pages);
    consumer = columns.getRecordWriter(store);
    groupRows = 0;
    groupBytes = 0;
  }

  private void endGroup() throws IOException {
    consumer.flush();
    if (groupRows > 0) {
      file.startBlock(groupRows);
      store.flush();
      pages.flushToFileWriter(file);
      file.endBlock();
    }
    store.close();
  }

  /** Gives Parquet a stream that this class can close whatever happens. */
  private record OpenFile(PositionOutputStream stream) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return stream;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return stream;
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
