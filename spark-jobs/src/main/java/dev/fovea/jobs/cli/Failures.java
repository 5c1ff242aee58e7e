package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.Printable;
import dev.fovea.jobs.support.console.StoppedOnRequestException;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what was thrown into an exit code and one line; the stack trace only where asked for. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final PrintWriter err;
  private final Fovea fovea;

  Failures(PrintWriter err, Fovea fovea) {
    this.err = err;
    this.fovea = fovea;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    print(line, usageMessage(e, args), e, List.of(args).contains("--verbose"));
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    return report(line, e);
  }

  int report(CommandLine line, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    if (cause instanceof UsageException) {
      print(line, cause.getMessage(), cause, fovea.verbose());
      return ExitCode.USAGE;
    }
    if (cause instanceof StoppedOnRequestException) {
      print(line, cause.getMessage(), cause, fovea.verbose());
      return ExitCode.STOPPED;
    }
    print(line, message(cause), thrown, fovea.verbose());
    return ExitCode.FAILED;
  }

  private void print(CommandLine line, String message, Throwable thrown, boolean trace) {
    String oneLine = Secrets.masked(String.join(" ", message.strip().split("\\s*\\R\\s*", -1)));
    err.println(line.getCommandSpec().qualifiedName() + ": " + Printable.line(oneLine));
    if (trace) {
      trace(thrown).forEach(err::println);
    }
    err.flush();
  }

  /** The lines of a stack trace, as anybody may see them. */
  static List<String> trace(Throwable thrown) {
    StringWriter where = new StringWriter();
    thrown.printStackTrace(new PrintWriter(where, true));
    return Secrets.masked(where.toString()).lines().map(Printable::line).toList();
  }

  private static String usageMessage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), line);
    }
    if (e instanceof MissingParameterException missing) {
      return missing(missing, line, args);
    }
    if (e.getCause() instanceof UsageException cause) {
      return cause.getMessage();
    }
    if (e.getArgSpec() != null && e.getValue() != null) {
      return "%s '%s': %s"
          .formatted(name(e.getArgSpec()), e.getValue(), allowed(e.getArgSpec(), e));
    }
    return e.getMessage();
  }

  /** A misspelt option is also a missing one; the misspelling is what to point at. */
  private static String missing(MissingParameterException e, CommandLine line, String[] args) {
    Set<String> known = Fovea.optionNames(line);
    Optional<String> unknown =
        Arrays.stream(args)
            .takeWhile(argument -> !argument.equals("--"))
            .filter(argument -> argument.startsWith("--"))
            .map(Spelling::name)
            .filter(name -> !known.contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      return unmatched(unknown.get(), line);
    }
    List<String> names = e.getMissing().stream().map(Failures::name).sorted().toList();
    if (!e.getMessage().startsWith("Missing required option")) {
      return names.isEmpty() ? e.getMessage() : names.get(0) + " needs a value";
    }
    return "%s %s missing; --help tells more"
        .formatted(String.join(", ", names), names.size() == 1 ? "is" : "are");
  }

  private static String unmatched(String argument, CommandLine line) {
    String word = Spelling.name(argument);
    boolean option = word.startsWith("-");
    Optional<String> meant =
        Spelling.nearest(word, option ? Fovea.optionNames(line) : line.getSubcommands().keySet());
    String advice =
        meant.map(name -> "did you mean " + name + "?").orElse("--help lists what there is");
    if (option) {
      return "there is no option %s; %s".formatted(word, advice);
    }
    return line.getSubcommands().isEmpty()
        ? "'%s' belongs to no option; --help lists what there is".formatted(word)
        : "there is no command '%s'; %s".formatted(word, advice);
  }

  private static String allowed(ArgSpec option, ParameterException e) {
    Class<?> type =
        option.isMultiValue() ? option.auxiliaryTypes()[0] : option.typeInfo().getType();
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number is needed";
    }
    if (type == double.class || type == Double.class || type == float.class) {
      return "a number is needed";
    }
    if (type.isEnum()) {
      List<String> ids =
          Arrays.stream(type.getEnumConstants())
              .map(value -> value.toString().toLowerCase(Locale.ROOT))
              .toList();
      return "one of %s is needed".formatted(String.join(", ", ids));
    }
    if (e.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return e.getMessage();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** What was thrown first, without the wrappers of Spark and of thread pools around it. */
  private static Throwable unwrapped(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null
        && (at instanceof SparkException
            || at instanceof ExecutionException
            || at instanceof CompletionException
            || at instanceof UncheckedIOException
            || at instanceof InvocationTargetException)) {
      at = at.getCause();
    }
    return at;
  }

  private static String message(Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      return "out of memory (%s); FOVEA_HEAP=8g gives more, for executors --spark-conf spark.executor.memory=8g"
          .formatted(cause.getMessage());
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage().strip();
    String first = message.lines().findFirst().orElse("");
    boolean explains =
        cause instanceof IOException
            || cause instanceof IllegalArgumentException
            || cause instanceof IllegalStateException
            || cause.getClass().getName().startsWith("dev.fovea.");
    return explains && first.contains(" ")
        ? first
        : "%s: %s; --verbose shows where".formatted(cause.getClass().getSimpleName(), first);
  }
}
