package dev.fovea.jobs.spark.memory;

import dev.fovea.jobs.cli.CommandRun;
import java.io.IOException;

/**
 * A program that runs a command of Fovea and says what the process took beside its heap at most.
 * The heap has to be of fixed size and touched, as for {@link MeasuredSteps}.
 */
final class MeasuredCommand {
  private MeasuredCommand() {}

  /** Runs the command of the arguments, and prints {@code peak CODE BYTES}. */
  public static void main(String[] arguments) throws IOException {
    CommandRun run = CommandRun.of(arguments);
    System.err.println(run.err());
    System.out.println(
        "peak " + run.code() + " " + (MeasuredSteps.peak() - Runtime.getRuntime().totalMemory()));
    System.exit(run.code());
  }
}
