package dev.fovea.jobs.cli;

import dev.fovea.jobs.models.card.InfoJob;
import dev.fovea.jobs.models.card.ModelCard;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what is known of a checkpoint. */
@Command(
    name = "info",
    description =
        "Print a model card: sizes, parameters, multiply-adds, how and on what the network was"
            + " trained, and what was measured of it.")
final class InfoCommand extends FoveaCommand {
  @Option(
      names = "--checkpoint-path",
      required = true,
      paramLabel = "FOLDER",
      description =
          "Checkpoints, of which the newest is taken, one step-NNNNNNNN of them, or the name of a"
              + " shipped model.")
  private String checkpointPath;

  @Option(
      names = "--report-path",
      paramLabel = "FOLDER",
      description = "A report of fovea evaluate that measured this checkpoint.")
  private String reportPath;

  @Option(
      names = "--run-dir-path",
      paramLabel = "FOLDER",
      description = "The folder of the run that trained it, for its evaluations and its speed.")
  private String runDirPath;

  @Option(names = "--measure-speed", description = "Time the network on a picture of 1280x720 now.")
  private boolean measureSpeed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Override
  protected int run(Console console) throws Exception {
    EngineChoice choice = engine.choice();
    Configuration hadoop = SparkSetup.embedded().hadoopConfiguration();
    ModelCard card =
        new InfoJob(
                checkpointPath,
                Optional.ofNullable(reportPath),
                Optional.ofNullable(runDirPath),
                measureSpeed ? Optional.of(choice) : Optional.empty())
            .run(hadoop, console::note);
    if (json) {
      card.json().lines().forEach(console::line);
    } else {
      print(card, console);
    }
    return ExitCode.DONE;
  }

  private static void print(ModelCard card, Console console) {
    ModelCard.Network network = card.network();
    ModelCard.Training training = card.training();
    Table table = new Table("", "");
    table.row("checkpoint", card.checkpoint().path());
    table.row("size", Figures.bytes(card.checkpoint().bytes()));
    table.row(
        "network",
        "%dx, %s base, %d channels, hidden ratio %d, %d blocks"
            .formatted(
                network.upscaleRatio(),
                network.baseUpscaler(),
                network.numChannels(),
                network.hiddenRatio(),
                network.numLayers()));
    table.row(
        "parameters",
        "%s (%s with weight norm folded)"
            .formatted(
                Figures.count(network.parameters()), Figures.count(network.foldedParameters())));
    table.row(
        "multiply-adds",
        "%s billion for a picture of 1280x720"
            .formatted(Figures.decimal(network.multiplyAdds720p() / 1e9)));
    table.row(
        "trained",
        "%s, %d epochs, %s, seed %d"
            .formatted(
                Figures.count(training.step(), "step", "steps"),
                training.epoch(),
                Figures.duration(Duration.ofMillis(Math.round(training.minutes() * 60_000))),
                training.seed()));
    table.row("run", training.runId());
    table.row("made by", joined(training.madeBy()));
    table.row("settings", joined(training.settings()));
    table.row("data", card.data().fingerprint());
    table.row("data's terms", Optional.ofNullable(card.data().terms()).orElse("not recorded"));
    for (ModelCard.Quality quality : card.quality()) {
      table.row(
          quality.source(),
          String.format(
              Locale.ROOT,
              "%s, protocol %s: PSNR %.2f, SSIM %.4f, VIF %.4f",
              quality.dataset(),
              quality.protocol(),
              quality.psnr(),
              quality.ssim(),
              quality.vif()));
    }
    for (ModelCard.Speed speed : card.speed()) {
      table.row(
          "speed",
          "%s: %s %s".formatted(speed.what(), Figures.decimal(speed.value()), speed.unit()));
    }
    console.table(table);
  }

  private static String joined(Map<String, String> values) {
    return String.join(
        ", ",
        values.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList());
  }
}
