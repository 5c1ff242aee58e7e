package dev.fovea.jobs.data.shard;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.util.List;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** The columns of a shard, and a row as Parquet's writer takes it. */
final class ShardSchema {
  static final String VERSION_KEY = "fovea.shard.version";
  static final String VERSION = "1";

  static final MessageType ROW =
      Types.buildMessage()
          .required(BINARY)
          .as(stringType())
          .named("path")
          .required(BINARY)
          .as(stringType())
          .named("sha256")
          .required(INT32)
          .named("width")
          .required(INT32)
          .named("height")
          .required(BINARY)
          .as(stringType())
          .named("format")
          .required(BINARY)
          .named("bytes")
          .named("picture");

  /** What an index needs to know of a row. */
  static final MessageType NARROW =
      new MessageType(
          ROW.getName(),
          List.of(ROW.getType("sha256"), ROW.getType("width"), ROW.getType("height")));

  /** The column of the pictures themselves. */
  static final ColumnPath BYTES = ColumnPath.get("bytes");

  private ShardSchema() {}

  static void write(ShardRow row, RecordConsumer consumer) {
    consumer.startMessage();
    binary(consumer, "path", Binary.fromString(row.path()));
    binary(consumer, "sha256", Binary.fromString(row.sha256()));
    integer(consumer, "width", row.width());
    integer(consumer, "height", row.height());
    binary(consumer, "format", Binary.fromString(row.format()));
    binary(consumer, "bytes", Binary.fromConstantByteArray(row.bytes()));
    consumer.endMessage();
  }

  private static void binary(RecordConsumer consumer, String name, Binary value) {
    int index = ROW.getFieldIndex(name);
    consumer.startField(name, index);
    consumer.addBinary(value);
    consumer.endField(name, index);
  }

  private static void integer(RecordConsumer consumer, String name, int value) {
    int index = ROW.getFieldIndex(name);
    consumer.startField(name, index);
    consumer.addInteger(value);
    consumer.endField(name, index);
  }
}
