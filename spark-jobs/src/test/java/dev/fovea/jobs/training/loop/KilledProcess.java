package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own that is killed as soon as a file is there. */
public final class KilledProcess {
  private KilledProcess() {}

  /**
   * Starts and kills it.
   *
   * @param program main class and arguments
   * @param sign the file to wait for
   * @param log where its output goes
   */
  public static void run(List<String> program, Path sign, Path log)
      throws IOException, InterruptedException {
    Process process = start(program, log);
    try {
      await(process, sign, log);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /**
   * Starts it, sends it a signal as soon as a file is there, and waits for its end.
   *
   * @param signal such as TERM
   * @param times how often
   * @return the exit code
   */
  public static int signalled(List<String> program, Path sign, Path log, String signal, int times)
      throws IOException, InterruptedException {
    Process process = start(program, log);
    try {
      await(process, sign, log);
      for (int i = 0; i < times; i++) {
        Process kill =
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
      }
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Starts a command of Fovea. */
  static Process start(String[] arguments, Path log) throws IOException {
    List<String> program = new ArrayList<>(List.of("dev.fovea.jobs.cli.Fovea"));
    program.addAll(List.of(arguments));
    return start(program, log);
  }

  private static Process start(List<String> program, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + javaOptions());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(program);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Waits for a file that a process writes. */
  static void await(Process process, Path sign, Path log) throws IOException, InterruptedException {
    while (!Files.exists(sign)) {
      boolean ended = process.waitFor(2, TimeUnit.MILLISECONDS);
      assertThat(ended).as("ended before %s: %s", sign, Files.readString(log)).isFalse();
    }
  }

  private static Path javaOptions() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return directory.resolve("conf/java-options");
  }
}
