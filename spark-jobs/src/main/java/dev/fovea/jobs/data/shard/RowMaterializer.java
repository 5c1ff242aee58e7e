package dev.fovea.jobs.data.shard;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Turns what Parquet's reader hands over, column by column, into rows. */
final class RowMaterializer extends RecordMaterializer<RowMaterializer.Cells> {
  private final Cells cells = new Cells();
  private final GroupConverter root;

  /**
   * @param columns the columns read: all of {@link ShardSchema#ROW} or some of them
   */
  RowMaterializer(MessageType columns) {
    List<Converter> converters = new ArrayList<>();
    for (Type column : columns.getFields()) {
      converters.add(converter(column.getName()));
    }
    root =
        new GroupConverter() {
          @Override
          public Converter getConverter(int fieldIndex) {
            return converters.get(fieldIndex);
          }

          @Override
          public void start() {}

          @Override
          public void end() {}
        };
  }

  /** The one record being read; its values change with the next. */
  @Override
  public Cells getCurrentRecord() {
    return cells;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private Converter converter(String column) {
    return switch (column) {
      case "path" ->
          new Cell() {
            @Override
            public void addBinary(Binary value) {
              cells.path = value.toStringUsingUTF8();
            }
          };
      case "sha256" ->
          new Cell() {
            @Override
            public void addBinary(Binary value) {
              cells.sha256 = value.toStringUsingUTF8();
            }
          };
      case "format" ->
          new Cell() {
            @Override
            public void addBinary(Binary value) {
              cells.format = value.toStringUsingUTF8();
            }
          };
      case "bytes" ->
          new Cell() {
            @Override
            public void addBinary(Binary value) {
              cells.bytes = value.getBytes();
            }
          };
      case "width" ->
          new Cell() {
            @Override
            public void addInt(int value) {
              cells.width = value;
            }
          };
      case "height" ->
          new Cell() {
            @Override
            public void addInt(int value) {
              cells.height = value;
            }
          };
      default -> throw new IllegalArgumentException("a shard has no column '" + column + "'");
    };
  }

  static final class Cells {
    String path = "";
    String sha256 = "";
    int width;
    int height;
    String format = "";
    byte[] bytes = {};

    ShardRow toRow() {
      return new ShardRow(path, sha256, width, height, format, bytes);
    }
  }

  private abstract static class Cell extends PrimitiveConverter {}
}
