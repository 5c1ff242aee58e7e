package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class LogLayoutTest {
  private static final String LAYOUT = "appender.stderr.layout.";

  @Test
  void aNameInTheLogNeitherMovesTheCursorNorEndsTheLine() throws IOException {
    Properties settings = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of("../conf/log4j2.properties"))) {
      settings.load(in);
    }
    PatternLayout layout =
        PatternLayout.newBuilder()
            .withPattern(settings.getProperty(LAYOUT + "pattern"))
            .withAlwaysWriteExceptions(
                Boolean.parseBoolean(settings.getProperty(LAYOUT + "alwaysWriteExceptions")))
            .build();

    String written =
        layout.toSerializable(
            Log4jLogEvent.newBuilder()
                .setLevel(Level.WARN)
                .setLoggerName("dev.fovea.jobs.Probe")
                .setMessage(new SimpleMessage("a\u001b[2J\u009b\r\nWARN forged.png"))
                .setThrown(new IOException("b\u001b[2J.png"))
                .build());

    assertThat(written).doesNotContain("\u001b", "\u009b", "\r");
    assertThat(written.lines().toList().get(0)).endsWith("Probe: a?[2J?\\r\\nWARN forged.png");
    assertThat(written.lines().toList().get(1)).isEqualTo("java.io.IOException: b?[2J.png");
    assertThat(written.lines().toList().get(2)).startsWith("\tat ").contains("LogLayoutTest");
  }
}
