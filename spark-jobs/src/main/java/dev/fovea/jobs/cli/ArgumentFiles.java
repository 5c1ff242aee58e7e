package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ByteOrderMark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces every argument {@code @file} by the arguments in that file.
 *
 * <p>They are separated by blanks and line ends; single or double quotes hold blanks together; from
 * a {@code #} at the start of a word to the end of the line is a comment. {@code @@name} stands for
 * {@code @name}. An argument file may name further ones, relative to the working directory.
 *
 * <p>Picocli's own argument files are not used: they cut a word at its quotes and at a {@code #}
 * within it, close quotes at the end of a line, and take the name of a missing file for a value.
 */
final class ArgumentFiles {
  private static final int DEEPEST = 10;
  private static final int LONGEST = 1 << 20;
  private static final String MASTER = "--master";

  private ArgumentFiles() {}

  /**
   * Prints the master that arguments name, for the launcher; nothing where they name none or a file
   * of them cannot be read.
   */
  public static void main(String... arguments) {
    try {
      master(expand(List.of(arguments))).ifPresent(System.out::println);
    } catch (UsageException e) {
      // The program meets the same file, and says so.
      System.exit(ExitCode.USAGE);
    }
  }

  private static Optional<String> master(List<String> arguments) {
    Optional<String> master = Optional.empty();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(MASTER + "=")) {
        master = Optional.of(argument.substring(MASTER.length() + 1));
      } else if (argument.equals(MASTER) && i + 1 < arguments.size()) {
        master = Optional.of(arguments.get(i + 1));
      }
    }
    return master;
  }

  /**
   * @throws UsageException if a file cannot be read or ends inside quotes
   */
  static List<String> expand(List<String> arguments) {
    List<String> expanded = new ArrayList<>();
    expand(arguments, expanded, 0);
    return expanded;
  }

  private static void expand(List<String> arguments, List<String> into, int depth) {
    for (String argument : arguments) {
      if (argument.startsWith("@@")) {
        into.add(argument.substring(1));
      } else if (argument.startsWith("@") && argument.length() > 1) {
        if (depth == DEEPEST) {
          throw new UsageException(
              "%s: argument files name each other more than %d deep".formatted(argument, DEEPEST));
        }
        expand(words(argument), into, depth + 1);
      } else {
        into.add(argument);
      }
    }
  }

  private static List<String> words(String argument) {
    String text;
    try (InputStream in = Files.newInputStream(Path.of(argument.substring(1)))) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new UsageException(
            "%s: a file of arguments has at most %d bytes".formatted(argument, LONGEST));
      }
      text = ByteOrderMark.stripped(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException | InvalidPathException e) {
      throw new UsageException(
          "%s: there is no such file of arguments that can be read".formatted(argument));
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        word = word == null ? new StringBuilder() : word;
      } else if (Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
          word = null;
        }
      } else if (c == '#' && word == null) {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else {
        word = word == null ? new StringBuilder() : word;
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new UsageException("%s: the file ends inside %s quotes".formatted(argument, quote));
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }
}
