package dev.fovea.jobs.runs.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.util.PureJavaCrc32C;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnknownFieldSet;
import org.tensorflow.framework.Summary;

/**
 * Reads event files back by others' code: TensorFlow's own generated classes for summaries (ND4J
 * brings them along), Protocol Buffers for the message around them, Hadoop's CRC-32C.
 */
public final class EventReader {
  private EventReader() {}

  /**
   * The fields of {@code event.proto} that we write.
   *
   * @param status of the session log; 0 if there is none
   */
  public record Event(
      double wallTime, long step, String fileVersion, Summary summary, long status) {
    static Event of(byte[] record) throws IOException {
      UnknownFieldSet fields = UnknownFieldSet.parseFrom(record);
      List<ByteString> summaries = fields.getField(5).getLengthDelimitedList();
      List<ByteString> logs = fields.getField(7).getLengthDelimitedList();
      return new Event(
          Double.longBitsToDouble(fields.getField(1).getFixed64List().get(0)),
          fields.hasField(2) ? fields.getField(2).getVarintList().get(0) : 0,
          fields.hasField(3)
              ? fields.getField(3).getLengthDelimitedList().get(0).toStringUtf8()
              : "",
          summaries.isEmpty()
              ? Summary.getDefaultInstance()
              : Summary.parseFrom(summaries.get(0).toByteArray()),
          logs.isEmpty()
              ? 0
              : UnknownFieldSet.parseFrom(logs.get(0)).getField(1).getVarintList().get(0));
    }
  }

  /** The events of all files of a folder, in the order in which TensorBoard reads them. */
  public static List<Event> folder(Path folder) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Path file : files(folder)) {
      events.addAll(file(file));
    }
    return events;
  }

  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /**
   * The whole records of a file; one that is cut off at the end is left out, as TensorBoard does.
   */
  public static List<Event> file(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.remaining() >= 12) {
      byte[] header = new byte[8];
      in.duplicate().get(header);
      int length = Math.toIntExact(in.getLong());
      assertThat(in.getInt()).as("checksum of the length").isEqualTo(masked(header));
      if (in.remaining() < length + 4) {
        break;
      }
      byte[] record = new byte[length];
      in.get(record);
      assertThat(in.getInt()).as("checksum of the record").isEqualTo(masked(record));
      events.add(Event.of(record));
    }
    return events;
  }

  /** (step, value) of a figure, in the order of the files. */
  public static List<List<Double>> scalars(List<Event> events, String tag) {
    List<List<Double>> found = new ArrayList<>();
    for (Event event : events) {
      for (Summary.Value value : event.summary().getValueList()) {
        if (value.getTag().equals(tag)) {
          found.add(List.of((double) event.step(), (double) value.getSimpleValue()));
        }
      }
    }
    return found;
  }

  private static int masked(byte[] bytes) {
    PureJavaCrc32C checksum = new PureJavaCrc32C();
    checksum.update(bytes, 0, bytes.length);
    int crc = (int) checksum.getValue();
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }
}
