package dev.fovea.cli;

import java.util.Optional;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  /** The version in the jar's manifest; classes that lie in no jar are under development. */
  static String ofFovea() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "fovea " + ofFovea(),
      "Spark %s, Java %s, %s %s"
          .formatted(
              package$.MODULE$.SPARK_VERSION(),
              Runtime.version(),
              System.getProperty("os.name"),
              System.getProperty("os.arch"))
    };
  }
}
