package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.loop.EngineProbe.Answer;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.EngineOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineProbeTest {
  private static final EngineOptions AUTOMATIC = EngineOptions.cpu(3).in(Precision.AUTO);
  private static final Answer FP32 = new Answer(Precision.FP32, "");
  private static final Answer BF16 = new Answer(Precision.BF16, "");

  private final StringWriter notes = new StringWriter();

  @Test
  void executorsThatAgreeTrainInTheirFormat() {
    assertThat(settle(FP32, FP32)).isEqualTo(AUTOMATIC.in(Precision.FP32));
    assertThat(settle(BF16, BF16)).isEqualTo(AUTOMATIC.in(Precision.BF16));
    assertThat(notes.toString()).isEmpty();
  }

  @Test
  void executorsThatDifferAllTrainInFp32AndTheRunSaysSo() {
    assertThat(settle(BF16, FP32, BF16)).isEqualTo(AUTOMATIC.in(Precision.FP32));
    assertThat(notes.toString()).contains("not all executors multiply bf16", "--precision bf16");
  }

  @Test
  void whatOneExecutorLacksEndsTheRun() {
    assertThatThrownBy(() -> settle(BF16, new Answer(Precision.FP32, "no such device")))
        .isInstanceOf(UsageException.class)
        .hasMessage("no such device");
  }

  private EngineOptions settle(Answer... answers) {
    PrintWriter printer = new PrintWriter(notes);
    return EngineProbe.settle(
        AUTOMATIC, List.of(answers), new Console(printer, printer, Terminal.NONE));
  }
}
