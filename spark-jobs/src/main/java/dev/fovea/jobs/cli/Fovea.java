package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.support.console.UsageException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.security.UserGroupInformation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code fovea}. */
@Command(
    name = "fovea",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PrepareCommand.class,
      PretrainCommand.class,
      FineTuneCommand.class,
      EvaluateCommand.class,
      BenchmarkCommand.class,
      UpscaleCommand.class,
      RunsCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      InfoCommand.class,
      ModelsCommand.class,
      DoctorCommand.class,
      PromoteCommand.class
    })
public final class Fovea implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      order = 999,
      description = "Show where in the program an error arose.")
  private boolean verbose;

  Fovea(Terminal terminal) {
    this.terminal = terminal;
  }

  public static void main(String[] args) {
    StandardError.take(Integer.getInteger("fovea.stderr"));
    Thread.setDefaultUncaughtExceptionHandler(Fovea::lost);
    nameUser();
    int code = run(writer(System.out), writer(System.err), Terminal.detect(), args);
    // Where YARN or Kubernetes run the driver, leaving by System.exit looks like a crash to them.
    if (code != ExitCode.DONE || !"cluster".equals(System.getProperty("spark.submit.deployMode"))) {
      System.exit(code);
    }
  }

  /**
   * Without the thread that ran out of memory, which may be one of Spark's, a job would wait for
   * ever.
   */
  private static void lost(Thread thread, Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      System.err.println(
          "fovea: out of memory in " + thread.getName() + "; FOVEA_HEAP=8g gives more");
      Runtime.getRuntime().halt(ExitCode.FAILED);
    }
    Failures.trace(thrown).forEach(System.err::println);
  }

  /**
   * Hadoop asks the system for the user's name and fails where there is none; the launcher makes
   * one up then.
   */
  private static void nameUser() {
    String user = System.getProperty("fovea.user", "");
    if (!user.isEmpty() && !UserGroupInformation.isSecurityEnabled()) {
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(user));
    }
  }

  /** Runs a command as from a pipe or a script and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(out, err, Terminal.NONE, args);
  }

  static int run(PrintWriter out, PrintWriter err, Terminal terminal, String... args) {
    Fovea fovea = new Fovea(terminal);
    CommandLine line = commandLine(fovea).setOut(out).setErr(err);
    Failures failures = new Failures(err, fovea);
    line.setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures);
    try {
      List<String> normalised =
          Spelling.normalised(ArgumentFiles.expand(List.of(args)), optionNames(line));
      Secrets.refuse(normalised);
      return line.execute(normalised.toArray(String[]::new));
    } catch (UsageException e) {
      return failures.report(line, e);
    } finally {
      out.flush();
      err.flush();
    }
  }

  static CommandLine commandLine(Fovea fovea) {
    CommandLine line =
        new CommandLine(fovea)
            .setExpandAtFiles(false)
            .setOverwrittenOptionsAllowed(true)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setAbbreviatedOptionsAllowed(false)
            .setUsageHelpWidth(100);
    showDefaults(line);
    return line;
  }

  private static void showDefaults(CommandLine line) {
    line.getCommandSpec().usageMessage().showDefaultValues(true).sortOptions(false);
    line.getSubcommands().values().forEach(Fovea::showDefaults);
  }

  /** The names of all options of a command and those below it. */
  static Set<String> optionNames(CommandLine line) {
    Set<String> names = new TreeSet<>();
    line.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    line.getSubcommands().values().forEach(below -> names.addAll(optionNames(below)));
    return names;
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }

  Terminal terminal() {
    return terminal;
  }

  boolean verbose() {
    return verbose;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new UsageException(
        "a command is missing: %s; --help tells more"
            .formatted(String.join(", ", new TreeSet<>(spec.subcommands().keySet()))));
  }
}
