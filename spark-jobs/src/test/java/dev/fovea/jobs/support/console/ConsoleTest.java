package dev.fovea.jobs.support.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private long now;

  @Test
  void onATerminalABarIsDrawnOverAndTakenAwayAtTheEnd() {
    Console console = console(new Terminal(true, 80));
    try (Progress progress = console.progress("prepare", 100, "files")) {
      pass(2_000);
      progress.advanceTo(25);

      assertThat(lastDrawn())
          .startsWith("prepare [#####")
          .endsWith("25/100 files, 12.5/s, 6.0 s left");
      assertThat(lastDrawn().length()).isLessThan(80);
    }
    assertThat(err.toString()).doesNotContain("\n").endsWith(" \r");
  }

  @Test
  void whatANameHoldsNeitherMovesTheCursorNorEndsTheLine() {
    Console console = console(Terminal.NONE);
    String name = "a\u001b[2J\u009b1m\u202egnp.exe\r\nfovea: all is well\u2028\u0007.png";

    console.line("outlier: " + name);
    console.note("rejected " + name);
    console.table(new Table("", "").row(name, "1"));

    String shown = "a\\u001b[2J\\u009b1m\\u202egnp.exe\\r\\nfovea: all is well\\u2028\\u0007.png";
    assertThat(out.toString().lines()).containsExactly("outlier: " + shown, shown + "  1");
    assertThat(err.toString().lines()).containsExactly("rejected " + shown);
  }

  @Test
  void wordsOfEveryLanguageStayAsTheyAre() {
    Console console = console(Terminal.NONE);
    console.lines("фото\täöü 写真\nשלום 👩‍👩‍👧");

    assertThat(out.toString().lines()).containsExactly("фото\täöü 写真", "שלום 👩‍👩‍👧");
  }

  @Test
  void aNarrowTerminalGetsALineThatFits() {
    Console console = console(new Terminal(true, 30));
    try (Progress progress = console.progress("prepare", 1_000_000, "files")) {
      pass(2_000);
      progress.advanceTo(123_456);

      assertThat(lastDrawn().length()).isLessThan(30);
    }
  }

  @Test
  void aBarIsRedrawnTenTimesASecondAtMost() {
    Console console = console(new Terminal(true, 80));
    try (Progress progress = console.progress("prepare", 1000, "files")) {
      for (int i = 1; i <= 1000; i++) {
        pass(1);
        progress.advanceTo(i);
      }
    }
    assertThat(err.toString().split("\rprepare", -1)).hasSize(11);
  }

  @Test
  void elsewhereALineIsWrittenEveryFiveSecondsAtMost() {
    Console console = console(Terminal.NONE);
    try (Progress progress = console.progress("prepare", 0, "files")) {
      for (int second = 1; second <= 12; second++) {
        pass(1_000);
        progress.add(10);
      }
      progress.remark("loss 0.1");
    }
    assertThat(err.toString().lines())
        .containsExactly("prepare: 50 files, 10.0/s", "prepare: 100 files, 10.0/s");
  }

  @Test
  void linesAndBarsDoNotMix() {
    Console console = console(new Terminal(true, 80));
    try (Progress progress = console.progress("train", 10, "steps")) {
      pass(1_000);
      progress.advanceTo(5);
      int before = err.getBuffer().length();
      console.line("epoch 1");

      assertThat(out.toString()).isEqualToIgnoringNewLines("epoch 1");
      assertThat(err.toString().substring(before)).startsWith("\r ").contains("\rtrain [");
    }
  }

  @Test
  void tablesAlignWordsLeftAndFiguresRight() {
    Table table =
        new Table("model", "psnr", "").row("bicubic", "28.42", "").row("ours", "9.3", "*");

    assertThat(table.lines())
        .containsExactly("model     psnr", "bicubic  28.42", "ours       9.3  *");
    assertThatIllegalArgumentException().isThrownBy(() -> table.row("one"));
  }

  @Test
  void figuresAreWrittenForPeople() {
    assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Figures.count(1, "picture", "pictures")).isEqualTo("1 picture");
    assertThat(Figures.bytes(1023)).isEqualTo("1023 B");
    assertThat(Figures.bytes(27_551_449)).isEqualTo("26.3 MiB");
    assertThat(Figures.decimal(0.01234)).isEqualTo("0.012");
    assertThat(Figures.decimal(1234.5)).isEqualTo("1,235");
    assertThat(Figures.duration(Duration.ofMillis(3_240))).isEqualTo("3.2 s");
    assertThat(Figures.duration(Duration.ofSeconds(65))).isEqualTo("1:05");
    assertThat(Figures.duration(Duration.ofSeconds(7384))).isEqualTo("2:03:04");
    assertThat(Figures.duration(Duration.ofDays(3))).isEqualTo("3 d 00:00:00");
  }

  @Test
  void theTerminalIsWhatTheLauncherSaysElseWhatJavaSays() {
    assertThat(Terminal.detect(name -> "132", Map.of(), false)).isEqualTo(new Terminal(true, 132));
    assertThat(Terminal.detect(name -> "0", Map.of(), true)).isEqualTo(Terminal.NONE);
    assertThat(Terminal.detect(name -> "132", Map.of("TERM", "dumb"), true))
        .isEqualTo(Terminal.NONE);
    assertThat(Terminal.detect(name -> null, Map.of("COLUMNS", "5"), true))
        .isEqualTo(new Terminal(true, 20));
    assertThat(Terminal.detect(name -> null, Map.of(), false)).isEqualTo(Terminal.NONE);
  }

  private Console console(Terminal terminal) {
    return new Console(new PrintWriter(out), new PrintWriter(err), terminal, () -> now);
  }

  private void pass(long milliseconds) {
    now += TimeUnit.MILLISECONDS.toNanos(milliseconds);
  }

  private String lastDrawn() {
    String all = err.toString();
    return all.substring(all.lastIndexOf('\r') + 1);
  }
}
