package dev.fovea.jobs.runs.tensorboard;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import java.time.Instant;
import java.util.Map;

/**
 * TensorBoard's events as framed bytes. Field numbers are those of {@code event.proto}, {@code
 * summary.proto} and {@code tensor.proto} of TensorFlow.
 */
final class SummaryEvents {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_LOG_STATUS = 1;
  private static final int SESSION_LOG_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;
  private static final int VALUE_IMAGE = 4;
  private static final int VALUE_TENSOR = 8;
  private static final int VALUE_METADATA = 9;
  private static final int IMAGE_HEIGHT = 1;
  private static final int IMAGE_WIDTH = 2;
  private static final int IMAGE_COLOURS = 3;
  private static final int IMAGE_PNG = 4;
  private static final int METADATA_PLUGIN = 1;
  private static final int PLUGIN_NAME = 1;
  private static final int TENSOR_TYPE = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int TENSOR_STRINGS = 8;
  private static final int TYPE_STRING = 7;
  private static final int SHAPE_DIMENSION = 2;
  private static final int DIMENSION_SIZE = 1;

  private SummaryEvents() {}

  /** What a file of events begins with. */
  static byte[] fileVersion(Instant time) {
    return TfRecord.framed(
        new ProtoMessage()
            .doubleValue(EVENT_WALL_TIME, seconds(time))
            .text(EVENT_FILE_VERSION, "brain.Event:2")
            .toBytes());
  }

  /** Tells whoever has read earlier files that everything from step 0 on is told anew. */
  static byte[] restart(Instant time) {
    return TfRecord.framed(
        new ProtoMessage()
            .doubleValue(EVENT_WALL_TIME, seconds(time))
            .integer(EVENT_STEP, 0)
            .message(
                EVENT_SESSION_LOG,
                new ProtoMessage().integer(SESSION_LOG_STATUS, SESSION_LOG_START))
            .toBytes());
  }

  /** A figure. TensorBoard keeps 24 bits of it. */
  static byte[] scalar(RunEvent event) {
    return summary(
        Instant.parse(event.time()),
        event.step(),
        new ProtoMessage()
            .text(VALUE_TAG, event.name())
            .floatValue(VALUE_SIMPLE, (float) event.value()));
  }

  /** One of the pictures shown. */
  static byte[] image(Shown shown, SamplePicture picture) {
    return summary(
        Instant.parse(shown.time()),
        shown.step(),
        new ProtoMessage()
            .text(VALUE_TAG, "samples/" + picture.name())
            .message(
                VALUE_IMAGE,
                new ProtoMessage()
                    .integer(IMAGE_HEIGHT, picture.height())
                    .integer(IMAGE_WIDTH, picture.width())
                    .integer(IMAGE_COLOURS, 3)
                    .bytes(IMAGE_PNG, picture.png())));
  }

  /** The settings as a table of Markdown. */
  static byte[] settings(RunDescription run) {
    StringBuilder text = new StringBuilder("run `%s` by `%s`\n".formatted(run.id(), run.command()));
    text.append("\n| setting | value |\n| --- | --- |\n");
    run.settings().entrySet().forEach(each -> text.append(row(each)));
    text.append("\n| made by | |\n| --- | --- |\n");
    run.provenance().entrySet().forEach(each -> text.append(row(each)));
    ProtoMessage shape =
        new ProtoMessage().message(SHAPE_DIMENSION, new ProtoMessage().integer(DIMENSION_SIZE, 1));
    return summary(
        Instant.parse(run.started()),
        0,
        new ProtoMessage()
            .text(VALUE_TAG, "settings/text_summary")
            .message(
                VALUE_TENSOR,
                new ProtoMessage()
                    .integer(TENSOR_TYPE, TYPE_STRING)
                    .message(TENSOR_SHAPE, shape)
                    .text(TENSOR_STRINGS, text.toString()))
            .message(
                VALUE_METADATA,
                new ProtoMessage()
                    .message(METADATA_PLUGIN, new ProtoMessage().text(PLUGIN_NAME, "text"))));
  }

  private static String row(Map.Entry<String, String> setting) {
    return "| %s | %s |\n".formatted(cell(setting.getKey()), cell(setting.getValue()));
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", " ");
  }

  private static byte[] summary(Instant time, long step, ProtoMessage value) {
    return TfRecord.framed(
        new ProtoMessage()
            .doubleValue(EVENT_WALL_TIME, seconds(time))
            .integer(EVENT_STEP, step)
            .message(EVENT_SUMMARY, new ProtoMessage().message(SUMMARY_VALUE, value))
            .toBytes());
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }
}
