package dev.fovea.jobs.data.shard;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** An open shard. Checks the checksum of every page it reads; every error names the shard. */
final class ShardFile implements Closeable {
  private final Path path;
  private final ParquetFileReader file;
  private final long length;

  private ShardFile(Path path, ParquetFileReader file, long length) {
    this.path = path;
    this.file = file;
    this.length = length;
  }

  static ShardFile open(Configuration configuration, Path path) throws IOException {
    ParquetFileReader file;
    long length;
    try {
      HadoopInputFile input = HadoopInputFile.fromPath(path, configuration);
      length = input.getLength();
      file =
          new ParquetFileReader(
              input,
              HadoopReadOptions.builder(configuration).usePageChecksumVerification().build());
    } catch (FileNotFoundException e) {
      throw new ShardException(path, "the shard is missing", e);
    } catch (IOException | RuntimeException e) {
      throw new ShardException(path, "the shard cannot be read", e);
    }
    ShardFile shard = new ShardFile(path, file, length);
    try {
      shard.checkKind();
      return shard;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Bytes of the file. */
  long length() {
    return length;
  }

  /** Rows in each row group. */
  int[] groupRows() throws IOException {
    int[] rows = new int[file.getRowGroups().size()];
    for (int group = 0; group < rows.length; group++) {
      rows[group] = Math.toIntExact(file.getRowGroups().get(group).getRowCount());
      if (rows[group] < 1) {
        throw new ShardException(path, "row group %d is empty".formatted(group));
      }
    }
    return rows;
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
      PageReadStore pages = file.readRowGroup(group);
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

  private void checkKind() throws IOException {
    String version = file.getFileMetaData().getKeyValueMetaData().get(ShardSchema.VERSION_KEY);
    if (version == null) {
      throw new ShardException(path, "is a Parquet file, but none that 'prepare' wrote");
    }
    if (!version.equals(ShardSchema.VERSION)) {
      throw new ShardException(
          path,
          "is a shard of version %s, this program reads version %s"
              .formatted(version, ShardSchema.VERSION));
    }
    if (!file.getFileMetaData().getSchema().equals(ShardSchema.ROW)) {
      throw new ShardException(
          path, "has other columns than " + ShardSchema.ROW.toString().replaceAll("\\s+", " "));
    }
  }

  interface RowVisitor {
    void visit(RowMaterializer.Cells cells);
  }
}
