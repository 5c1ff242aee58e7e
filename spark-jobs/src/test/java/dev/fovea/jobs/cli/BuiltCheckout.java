package dev.fovea.jobs.cli;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A checkout that has been built, for its scripts to be run in as processes: the repository's
 * {@code submit/} and {@code conf/}, and this test's class path where the build leaves its jars.
 *
 * @param root the checkout
 * @param environment what the scripts find in their environment beside that of this process
 */
record BuiltCheckout(Path root, Map<String, String> environment) implements AutoCloseable {
  private static final String LIB = "spark-jobs/target/fovea/lib";

  /** Lays one out in a folder that is made. */
  static BuiltCheckout at(Path root) throws IOException {
    Path repository =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .filter(at -> Files.exists(at.resolve("submit/cluster")))
            .findFirst()
            .orElseThrow();
    for (String name : List.of("submit", "conf")) {
      try (Stream<Path> files = Files.list(repository.resolve(name))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = root.resolve(name).resolve(file.getFileName());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Path lib = Files.createDirectories(root.resolve(LIB));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (path.endsWith("target/classes")) {
        // The build names them so.
        jar(path, lib.resolve("fovea-" + path.getParent().getParent().getFileName() + "-1.jar"));
      } else if (entry.endsWith(".jar") && !entry.contains("minicluster")) {
        Path link = lib.resolve(path.getFileName());
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, path);
        }
      }
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("FOVEA_HEAP", "1g");
    environment.put("FOVEA_OFF_HEAP", "2g");
    return new BuiltCheckout(root, environment);
  }

  /** Writes pictures with something to see in them, as PNG. */
  void photographs(String folder, int count, int side) throws IOException {
    Path target = Files.createDirectories(root.resolve(folder));
    for (int number = 0; number < count; number++) {
      byte[] samples = new byte[3 * side * side];
      Random random = new Random(number);
      double turn = random.nextDouble() / 4;
      for (int at = 0; at < samples.length; at++) {
        int pixel = at % (side * side);
        int row = pixel / side;
        int channel = at / (side * side);
        double wave = Math.sin(turn * (pixel % side) + row / 9.0 + channel);
        samples[at] = (byte) (128 + 90 * wave + random.nextInt(20));
      }
      Files.write(
          target.resolve("photograph %02d.png".formatted(number)),
          PngEncoder.encode(Picture.rgb(side, side, samples)));
    }
  }

  /** Runs a line as the documentation has it, in the checkout, and waits for its end. */
  CommandRun run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("FOVEA_"));
      builder.environment().remove("SPARK_HOME");
      builder.environment().putAll(environment);
      int code = builder.start().waitFor();
      return new CommandRun(code, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The folder of all jars. */
  Path lib() {
    return root.resolve(LIB);
  }

  /** Takes the links to the class path away, which no one who empties the folder should follow. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> links = Files.list(lib())) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      entries.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
  }
}
