package dev.fovea.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a command printed and how it ended. */
public record CommandRun(int code, String out, String err) {

  /** Runs a command in this process. */
  public static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Fovea.run(new PrintWriter(out), new PrintWriter(err), args);
    return new CommandRun(code, out.toString(), err.toString());
  }

  /** The lines on stderr. */
  public List<String> errors() {
    return err.lines().toList();
  }
}
