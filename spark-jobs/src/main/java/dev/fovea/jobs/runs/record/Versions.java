package dev.fovea.jobs.runs.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Which versions of Fovea and its libraries run here, for provenance. */
public final class Versions {
  private Versions() {}

  /** The version in the jar's manifest; classes that lie in no jar are under development. */
  public static String fovea() {
    return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** The version of DL4J, which Maven leaves beside its classes. */
  public static String deeplearning4j() {
    return library(ComputationGraph.class, "org.deeplearning4j", "deeplearning4j-nn");
  }

  /** The version of a library that Maven built, {@code unknown} where it does not say. */
  public static String library(Class<?> type, String group, String artifact) {
    String path = "/META-INF/maven/%s/%s/pom.properties".formatted(group, artifact);
    Properties properties = new Properties();
    try (InputStream in = type.getResourceAsStream(path)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
