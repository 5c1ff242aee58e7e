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
      description =
          "What runs the network: torch, nd4j, for inference alone vector, or auto, which takes the"
              + " fastest that can run here.")
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

  /**
   * The same for a network in training.
   *
   * @throws UsageException also if the engine does not train
   */
  EngineChoice choiceForTraining() {
    EngineChoice choice = choice();
    if (!choice.engineOnClassPath().trains()) {
      throw new UsageException(
          "--engine", engine, "this engine upscales but does not train; torch and nd4j do");
    }
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
