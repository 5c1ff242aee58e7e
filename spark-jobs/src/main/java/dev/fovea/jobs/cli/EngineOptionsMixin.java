package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.UsageException;
import picocli.CommandLine.Option;

/** The options of every command that runs a network. */
final class EngineOptionsMixin {
  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "DEVICE",
      order = 800,
      description = "auto, cpu, cuda or cuda:N; auto takes a GPU where the engine can use one.")
  private String device;

  @Option(
      names = "--engine",
      defaultValue = "auto",
      paramLabel = "NAME",
      order = 801,
      description = "What runs the network: auto takes the fastest engine on the class path.")
  private String engine;

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "FORMAT",
      order = 802,
      description =
          "Number format of convolutions: fp32, bf16, or auto, which takes bf16 where the device"
              + " multiplies it natively.")
  private String precision;

  /**
   * The engine on the class path and how it is to run.
   *
   * @throws UsageException if one of the three is not among those there are
   */
  EngineChoice choice() {
    check("--device", device, () -> new EngineChoice("auto", device, "auto"));
    check("--precision", precision, () -> new EngineChoice("auto", "auto", precision));
    EngineChoice choice = new EngineChoice(engine, device, precision);
    check("--engine", engine, choice::engineOnClassPath);
    return choice;
  }

  private static void check(String option, String value, Runnable attempt) {
    try {
      attempt.run();
    } catch (IllegalArgumentException e) {
      throw new UsageException(option, value, e.getMessage());
    }
  }
}
