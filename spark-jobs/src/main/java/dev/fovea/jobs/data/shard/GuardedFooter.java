package dev.fovea.jobs.data.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Reads a footer and holds what it promises against the length of the file, before memory is taken
 * for any of it.
 *
 * <p>A shard is not compressed and its values lie one behind the other, so that whatever is read of
 * it is no longer than the file. A footer that says otherwise was not written by 'prepare'.
 */
final class GuardedFooter {
  /** A row group takes less than 1 KiB of it: enough for shards of more than 30 GB. */
  private static final int MAX_FOOTER_BYTES = 4 << 20;

  /** Pictures of several rows, and room for the headers of their pages. */
  private static final long MAX_GROUP_BYTES = 2 * ShardWriter.ROW_GROUP_BYTES;

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = Integer.BYTES + MAGIC.length;

  /** A number, or the length before a text or a picture. */
  private static final int MIN_VALUE_BYTES = Integer.BYTES;

  private final Path path;
  private final long length;

  private GuardedFooter(Path path, long length) {
    this.path = path;
    this.length = length;
  }

  /**
   * The footer of a shard.
   *
   * @throws ShardException naming the shard, the value and its limit
   */
  static ParquetMetadata read(Path path, InputFile input) throws IOException {
    GuardedFooter guard = new GuardedFooter(path, input.getLength());
    ParquetMetadata footer = new ParquetMetadataConverter().fromParquetMetadata(guard.parse(input));
    guard.checkKind(footer);
    guard.checkGroups(footer);
    return footer;
  }

  private FileMetaData parse(InputFile input) throws IOException {
    if (length < MAGIC.length + TAIL) {
      throw new ShardException(
          path,
          "the shard cannot be read: %d bytes are fewer than a Parquet file has".formatted(length));
    }
    byte[] footer;
    try (SeekableInputStream in = input.newStream()) {
      byte[] tail = new byte[TAIL];
      in.seek(length - TAIL);
      in.readFully(tail);
      if (!Arrays.equals(tail, Integer.BYTES, TAIL, MAGIC, 0, MAGIC.length)) {
        throw new ShardException(
            path, "the shard cannot be read: it does not end as a Parquet file does");
      }
      int bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      long most = Math.min(MAX_FOOTER_BYTES, length - TAIL - MAGIC.length);
      if (bytes < 0 || bytes > most) {
        throw new ShardException(
            path,
            "the shard cannot be read: a footer of %d bytes is more than the limit of %d"
                .formatted(bytes, most));
      }
      footer = new byte[bytes];
      in.seek(length - TAIL - bytes);
      in.readFully(footer);
    }
    FileMetaData parsed = new FileMetaData();
    try {
      // No list can have more elements than the footer has bytes.
      parsed.read(
          new TCompactProtocol(
              new TIOStreamTransport(new ByteArrayInputStream(footer)),
              footer.length,
              footer.length));
    } catch (TException | StackOverflowError e) {
      throw new ShardException(path, "the shard cannot be read: its footer", e);
    }
    return parsed;
  }

  private void checkKind(ParquetMetadata footer) throws ShardException {
    String version = footer.getFileMetaData().getKeyValueMetaData().get(ShardSchema.VERSION_KEY);
    if (version == null) {
      throw new ShardException(path, "is a Parquet file, but none that 'prepare' wrote");
    }
    if (!version.equals(ShardSchema.VERSION)) {
      throw new ShardException(
          path,
          "is a shard of version %s, this program reads version %s"
              .formatted(version, ShardSchema.VERSION));
    }
    if (!footer.getFileMetaData().getSchema().equals(ShardSchema.ROW)) {
      throw new ShardException(
          path, "has other columns than " + ShardSchema.ROW.toString().replaceAll("\\s+", " "));
    }
  }

  private void checkGroups(ParquetMetadata footer) throws ShardException {
    long left = length;
    for (int group = 0; group < footer.getBlocks().size(); group++) {
      BlockMetaData block = footer.getBlocks().get(group);
      String name = "row group %d".formatted(group);
      require(block.getRowCount() >= 1, "%s is empty: it has %d rows", name, block.getRowCount());
      require(
          block.getColumns().size() == ShardSchema.ROW.getFieldCount(),
          "%s has %d columns, a shard has %d",
          name,
          block.getColumns().size(),
          ShardSchema.ROW.getFieldCount());
      for (ColumnChunkMetaData column : block.getColumns()) {
        check("column '%s' of %s".formatted(column.getPath().toDotString(), name), column, block);
        // Columns that share bytes would give more than the file holds.
        require(
            column.getTotalSize() <= left,
            "column '%s' of %s has %d bytes: the file has %d that no other column has",
            column.getPath().toDotString(),
            name,
            column.getTotalSize(),
            left);
        left -= column.getTotalSize();
      }
    }
  }

  private void check(String name, ColumnChunkMetaData column, BlockMetaData block)
      throws ShardException {
    require(
        column.getCodec() == CompressionCodecName.UNCOMPRESSED,
        "%s is compressed with %s: only %s is allowed",
        name,
        column.getCodec(),
        CompressionCodecName.UNCOMPRESSED);
    long size = column.getTotalSize();
    require(
        column.getTotalUncompressedSize() == size,
        "%s inflates to %d bytes: %d, as many as are stored, are allowed",
        name,
        column.getTotalUncompressedSize(),
        size);
    long start = column.getStartingPos();
    require(
        size >= 0 && start >= MAGIC.length && start <= length - size,
        "%s has %d bytes from byte %d: the file ends at byte %d",
        name,
        size,
        start,
        length);
    require(
        column.getValueCount() == block.getRowCount(),
        "%s has %d values for %d rows",
        name,
        column.getValueCount(),
        block.getRowCount());
    require(
        column.getValueCount() <= size / MIN_VALUE_BYTES,
        "%s has %d values: its %d bytes can hold %d",
        name,
        column.getValueCount(),
        size,
        size / MIN_VALUE_BYTES);
    long most = block.getRowCount() == 1 ? Integer.MAX_VALUE : MAX_GROUP_BYTES;
    require(
        size <= most || !column.getPath().equals(ShardSchema.BYTES),
        "%s has %d bytes: %d are allowed",
        name,
        size,
        most);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is in no library that is used.
  private void require(boolean holds, String message, Object... values) throws ShardException {
    if (!holds) {
      throw new ShardException(path, message.formatted(values));
    }
  }
}
