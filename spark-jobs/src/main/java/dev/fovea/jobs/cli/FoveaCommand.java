package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command: options into a settings record, the record into a job.
 *
 * <p>Whatever it throws becomes an exit code and one line on stderr: {@link
 * dev.fovea.jobs.support.console.UsageException} 2, anything else 1.
 */
abstract class FoveaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /**
   * Does the work.
   *
   * @return an {@link ExitCode}
   */
  protected abstract int run(Console console) throws Exception;

  @Override
  public final Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    Fovea root = (Fovea) spec.root().userObject();
    return run(new Console(line.getOut(), line.getErr(), root.terminal()));
  }
}
