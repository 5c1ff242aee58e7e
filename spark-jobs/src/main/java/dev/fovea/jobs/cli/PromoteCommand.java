package dev.fovea.jobs.cli;

import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.models.promotion.Promotion;
import dev.fovea.jobs.models.promotion.Promotion.Outcome;
import dev.fovea.jobs.models.promotion.PromotionRule;
import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Decides which model is in service. */
@Command(
    name = "promote",
    description = {
      "Let a checkpoint into service if a report shows it better than the one that serves.",
      "The registry is a folder of numbered decisions and of the checkpoints they name; the highest"
          + " valid number serves. Other commands take a registry as --checkpoint-path."
    })
final class PromoteCommand extends FoveaCommand {
  @Option(
      names = "--registry",
      required = true,
      paramLabel = "FOLDER",
      description = "The registry; made if it is missing. Alone it is listed.")
  private String registryPath;

  @Option(
      names = "--candidate",
      paramLabel = "FOLDER",
      description = "The checkpoint that may go into service, the newest of the folder.")
  private String candidate;

  @Option(
      names = "--report-path",
      paramLabel = "FOLDER",
      description =
          "Report of evaluate on the candidate and, if there is one, on the model in service.")
  private String reportPath;

  @Option(
      names = "--metric",
      defaultValue = "psnr",
      paramLabel = "NAME",
      description = "psnr, ssim or vif.")
  private Metric metric;

  @Option(
      names = "--margin",
      defaultValue = "0.05",
      paramLabel = "N",
      description =
          "What the lower end of the 95 %% confidence interval of the difference has to exceed on"
              + " every dataset, in the metric's unit (dB for psnr).")
  private double margin;

  @Option(
      names = "--rollback-to",
      paramLabel = "NUMBER",
      description = "Let the model of that earlier decision serve again.")
  private Integer rollbackTo;

  @Option(
      names = "--fail-on-refusal",
      description = "End with exit code 3 if the candidate is refused.")
  private boolean failOnRefusal;

  @Override
  protected int run(Console console) throws Exception {
    PromotionRule rule = new PromotionRule(metric, margin);
    if ((candidate == null) != (reportPath == null)) {
      throw new UsageException("--candidate and --report-path are given together or not");
    }
    if (candidate != null && rollbackTo != null) {
      throw new UsageException("--candidate and --rollback-to exclude each other");
    }
    Configuration hadoop = SparkSetup.embedded().hadoopConfiguration();
    Registry registry = Registry.at(hadoop, new Path(registryPath), console::note);
    Promotion promotion = new Promotion(hadoop, registry);
    if (rollbackTo != null) {
      return tell(promotion.rollBack(rollbackTo), console);
    }
    if (candidate != null) {
      return tell(promotion.promote(new Path(candidate), new Path(reportPath), rule), console);
    }
    return list(registry, console);
  }

  private int tell(Outcome outcome, Console console) {
    if (outcome instanceof Outcome.Promoted promoted) {
      console.line(line("promoted", promoted.entry()) + ": " + promoted.entry().reason());
    } else if (outcome instanceof Outcome.Serving serving) {
      console.line(line("in service already", serving.entry()));
    } else if (outcome instanceof Outcome.Refused refused) {
      console.line("not promoted: " + refused.reason());
      return failOnRefusal ? ExitCode.REJECTED : ExitCode.DONE;
    }
    return ExitCode.DONE;
  }

  private static String line(String what, Entry entry) {
    return "%s: number %d, %s".formatted(what, entry.number(), entry.model());
  }

  private static int list(Registry registry, Console console) throws IOException {
    Table table = new Table("number", "decided", "model", "x", "reason");
    for (Entry entry : registry.entries()) {
      table.row(
          String.valueOf(entry.number()),
          entry.decided(),
          entry.model(),
          String.valueOf(entry.upscaleRatio()),
          entry.reason());
    }
    table.lines().forEach(console::line);
    Optional<Entry> serving = registry.serving();
    console.line(serving.map(entry -> line("in service", entry)).orElse("no model is in service"));
    return registry.newest() == serving.map(Entry::number).orElse(0)
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }
}
