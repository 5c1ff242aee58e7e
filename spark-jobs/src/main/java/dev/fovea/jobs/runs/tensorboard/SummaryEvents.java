package dev.fovea.jobs.runs.tensorboard;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import java.time.Instant;
import java.util.Map;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnknownFieldSet;
import org.nd4j.shade.protobuf.UnknownFieldSet.Field;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;
import org.tensorflow.framework.Summary.Image;
import org.tensorflow.framework.Summary.Value;
import org.tensorflow.framework.SummaryMetadata;
import org.tensorflow.framework.SummaryMetadata.PluginData;
import org.tensorflow.framework.TensorProto;
import org.tensorflow.framework.TensorShapeProto;
import org.tensorflow.framework.TensorShapeProto.Dim;

/**
 * TensorBoard's events as framed bytes. ND4J brings the messages of {@code summary.proto} and
 * {@code tensor.proto} of TensorFlow; the fields of the events themselves are those of {@code
 * event.proto}.
 */
final class SummaryEvents {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_LOG_STATUS = 1;
  private static final int SESSION_LOG_START = 1;

  private SummaryEvents() {}

  /** What a file of events begins with. */
  static byte[] fileVersion(Instant time) {
    return framed(
        event(time).addField(EVENT_FILE_VERSION, bytes(ByteString.copyFromUtf8("brain.Event:2"))));
  }

  /** Tells whoever has read earlier files that everything from step 0 on is told anew. */
  static byte[] restart(Instant time) {
    UnknownFieldSet start =
        UnknownFieldSet.newBuilder()
            .addField(SESSION_LOG_STATUS, number(SESSION_LOG_START))
            .build();
    return framed(
        event(time)
            .addField(EVENT_STEP, number(0))
            .addField(EVENT_SESSION_LOG, bytes(start.toByteString())));
  }

  /** A figure. TensorBoard keeps 24 bits of it. */
  static byte[] scalar(RunEvent event) {
    return summary(
        Instant.parse(event.time()),
        event.step(),
        Value.newBuilder().setTag(event.name()).setSimpleValue((float) event.value()));
  }

  /** One of the pictures shown. */
  static byte[] image(Shown shown, SamplePicture picture) {
    return summary(
        Instant.parse(shown.time()),
        shown.step(),
        Value.newBuilder()
            .setTag("samples/" + picture.name())
            .setImage(
                Image.newBuilder()
                    .setHeight(picture.height())
                    .setWidth(picture.width())
                    .setColorspace(3)
                    .setEncodedImageString(ByteString.copyFrom(picture.png()))));
  }

  /** The settings as a table of Markdown. */
  static byte[] settings(RunDescription run) {
    StringBuilder text = new StringBuilder("run `%s` by `%s`\n".formatted(run.id(), run.command()));
    text.append("\n| setting | value |\n| --- | --- |\n");
    run.settings().entrySet().forEach(each -> text.append(row(each)));
    text.append("\n| made by | |\n| --- | --- |\n");
    run.provenance().entrySet().forEach(each -> text.append(row(each)));
    return summary(
        Instant.parse(run.started()),
        0,
        Value.newBuilder()
            .setTag("settings/text_summary")
            .setTensor(
                TensorProto.newBuilder()
                    .setDtype(DataType.DT_STRING)
                    .setTensorShape(
                        TensorShapeProto.newBuilder().addDim(Dim.newBuilder().setSize(1)))
                    .addStringVal(ByteString.copyFromUtf8(text.toString())))
            .setMetadata(
                SummaryMetadata.newBuilder()
                    .setPluginData(PluginData.newBuilder().setPluginName("text"))));
  }

  private static String row(Map.Entry<String, String> setting) {
    return "| %s | %s |\n".formatted(cell(setting.getKey()), cell(setting.getValue()));
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", " ");
  }

  private static byte[] summary(Instant time, long step, Value.Builder value) {
    ByteString summary = Summary.newBuilder().addValue(value).build().toByteString();
    return framed(
        event(time).addField(EVENT_STEP, number(step)).addField(EVENT_SUMMARY, bytes(summary)));
  }

  private static UnknownFieldSet.Builder event(Instant time) {
    long seconds = Double.doubleToRawLongBits(time.toEpochMilli() / 1000.0);
    return UnknownFieldSet.newBuilder()
        .addField(EVENT_WALL_TIME, Field.newBuilder().addFixed64(seconds).build());
  }

  private static Field number(long value) {
    return Field.newBuilder().addVarint(value).build();
  }

  private static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  private static byte[] framed(UnknownFieldSet.Builder event) {
    return TfRecord.framed(event.build().toByteArray());
  }
}
