package dev.fovea.jobs.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java's version, what is opened in it, and how it spells names of files. */
final class JavaCheck {
  /** Where the packages stand that have to be opened; the launcher and the tests read it too. */
  private static final String OPTIONS = "/java-options";

  private static final Pattern OPEN =
      Pattern.compile("--add-opens=java\\.base/([a-z.]+)=ALL-UNNAMED");

  private JavaCheck() {}

  static List<Finding> here() {
    List<Finding> findings = new ArrayList<>();
    findings.add(version(Runtime.version().feature()));
    findings.add(opens(JavaCheck::isOpen));
    findings.add(encoding(System.getProperty("sun.jnu.encoding", "unknown")));
    return findings;
  }

  static Finding version(int feature) {
    String found = "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor"));
    return feature == 17
        ? Finding.ok("java", found)
        : Finding.failed("java", found, "Spark and Deeplearning4j run on Java 17: set JAVA_HOME");
  }

  /** Asks of every package in the list whether it is open. */
  static Finding opens(Predicate<String> open) {
    List<String> packages;
    try (InputStream in = JavaCheck.class.getResourceAsStream(OPTIONS)) {
      if (in == null) {
        return Finding.failed(
            "add-opens", "the list java-options is not in the build", "mvn package");
      }
      packages = listed(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Finding.failed("add-opens", e.getMessage(), "mvn package");
    }
    List<String> closed = packages.stream().filter(name -> !open.test(name)).toList();
    return closed.isEmpty()
        ? Finding.ok(
            "add-opens", "all %d packages of java.base are open".formatted(packages.size()))
        : Finding.failed(
            "add-opens",
            "closed: " + String.join(", ", closed),
            "start by submit/fovea, or with java @conf/java-options");
  }

  static List<String> listed(String options) {
    List<String> packages = new ArrayList<>();
    Matcher matcher = OPEN.matcher(options);
    while (matcher.find()) {
      packages.add(matcher.group(1));
    }
    return packages;
  }

  static Finding encoding(String encoding) {
    return encoding.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8")
        ? Finding.ok("names of files", encoding)
        : Finding.note(
            "names of files",
            encoding,
            "files whose names are not plain ASCII cannot be opened: export LC_ALL=C.UTF-8");
  }

  private static boolean isOpen(String name) {
    Module base = Object.class.getModule();
    return base.getPackages().contains(name) && base.isOpen(name, JavaCheck.class.getModule());
  }
}
