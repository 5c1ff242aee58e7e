package dev.fovea.jobs.cli;

import dev.fovea.jobs.runs.record.Versions;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "fovea " + Versions.fovea(),
      "Spark %s, Java %s, %s %s"
          .formatted(
              package$.MODULE$.SPARK_VERSION(),
              Runtime.version(),
              System.getProperty("os.name"),
              System.getProperty("os.arch"))
    };
  }
}
