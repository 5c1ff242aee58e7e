package dev.fovea.jobs.data.shard;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * An open shard. Reads no more than the file holds ({@link GuardedFooter}, {@link PlainPages}) and
 * checks the checksum of every page it reads; every error names the shard.
 */
final class ShardFile implements Closeable {
  private final Path path;
  private final ParquetFileReader file;
  private final long length;

  private ShardFile(Path path, ParquetFileReader file, long length) {
    this.path = path;
    this.file = file;
    this.length = length;
  }

  @SuppressWarnings("deprecation") // What is newer, Spark 3.5's Parquet does not have.
  static ShardFile open(Configuration configuration, Path path) throws IOException {
    try {
      HadoopInputFile input = HadoopInputFile.fromPath(path, configuration);
      ParquetMetadata footer = GuardedFooter.read(path, input);
      Configuration checking = new Configuration(configuration);
      checking.setBoolean(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, true);
      return new ShardFile(path, new ParquetFileReader(checking, path, footer), input.getLength());
    } catch (ShardException e) {
      throw e;
    } catch (FileNotFoundException e) {
      throw new ShardException(path, "the shard is missing", e);
    } catch (IOException | RuntimeException e) {
      throw new ShardException(path, "the shard cannot be read", e);
    }
  }

  /** Bytes of the file. */
  long length() {
    return length;
  }

  /** Rows in each row group. */
  int[] groupRows() {
    return file.getRowGroups().stream()
        .mapToInt(group -> Math.toIntExact(group.getRowCount()))
        .toArray();
  }

  /** Reads some columns of a row group; what is visited is valid until the next row. */
  void forEachRow(int group, MessageType columns, RowVisitor visitor) throws IOException {
    if (group >= file.getRowGroups().size()) {
      throw new ShardException(
          path,
          "row group %d is asked for, it has %d".formatted(group, file.getRowGroups().size()));
    }
    try {
      file.setRequestedSchema(columns);
      PageReadStore pages = new PlainPages(file.readRowGroup(group));
      RecordReader<RowMaterializer.Cells> records =
          new ColumnIOFactory()
              .getColumnIO(columns)
              .getRecordReader(pages, new RowMaterializer(columns));
      for (long row = 0; row < pages.getRowCount(); row++) {
        visitor.visit(records.read());
      }
    } catch (IOException | RuntimeException e) {
      throw new ShardException(path, "row group %d cannot be read".formatted(group), e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  interface RowVisitor {
    void visit(RowMaterializer.Cells cells);
  }
}
