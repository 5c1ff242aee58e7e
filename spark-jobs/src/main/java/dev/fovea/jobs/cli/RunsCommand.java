package dev.fovea.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.record.RunListing;
import dev.fovea.jobs.runs.record.RunSummary;
import dev.fovea.jobs.runs.record.RunSummary.Figure;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.jobs.support.console.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists runs beside each other. */
@Command(
    name = "runs",
    description = {
      "List the training runs under a folder: settings, how they stand, their best figures.",
      "Of the settings those are shown in which the runs differ."
    })
final class RunsCommand extends FoveaCommand {
  /** More columns than this nobody reads on a terminal. */
  private static final int MOST_SETTINGS = 6;

  /** What differs from one run to the next and says nothing. */
  private static final List<String> PLACES =
      List.of("checkpoint-path", "train-images-path", "test-images-path", "seed");

  /** What runs can be sorted by; the best one comes first. */
  enum Order {
    NAME,
    STATE,
    STARTED,
    PSNR,
    SSIM,
    VIF,
    LOSS
  }

  @Option(
      names = "--runs-path",
      defaultValue = "./runs",
      paramLabel = "FOLDER",
      description = "The folder, local or any Hadoop path, under which the runs lie.")
  private String runsPath;

  @Option(
      names = "--sort",
      defaultValue = "started",
      paramLabel = "NAME",
      description = "started, name, state, psnr, ssim, vif or loss.")
  private Order order;

  @Option(names = "--json", description = "Print everything that is known of each, as JSON.")
  private boolean json;

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    List<RunSummary> runs = new ArrayList<>(find(console));
    runs.sort(comparator(order));
    if (json) {
      console.lines(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(runs));
    } else if (runs.isEmpty()) {
      console.note("%s: there are no runs".formatted(runsPath));
    } else {
      console.table(table(runs));
      runs.stream()
          .filter(run -> !run.message().isEmpty())
          .forEach(run -> console.note("%s: %s".formatted(run.name(), run.message())));
    }
    return ExitCode.DONE;
  }

  private List<RunSummary> find(Console console) throws IOException {
    try {
      return new RunListing(spark.setup().hadoopConfiguration(), Clock.systemUTC(), console::note)
          .below(new Path(runsPath));
    } catch (FileNotFoundException e) {
      throw new UsageException("--runs-path", runsPath, "there is no such folder");
    }
  }

  static Comparator<RunSummary> comparator(Order order) {
    Comparator<RunSummary> first =
        switch (order) {
          case NAME -> Comparator.comparing(RunSummary::name);
          case STATE -> Comparator.comparing(RunSummary::state);
          case STARTED -> Comparator.comparing(RunSummary::started).reversed();
          case PSNR -> largest("test/psnr");
          case SSIM -> largest("test/ssim");
          case VIF -> largest("test/vif");
          case LOSS ->
              Comparator.comparingDouble(run -> best(run, "train/loss", Double.POSITIVE_INFINITY));
        };
    return first.thenComparing(RunSummary::name);
  }

  private static Comparator<RunSummary> largest(String figure) {
    return Comparator.comparingDouble(run -> -best(run, figure, Double.NEGATIVE_INFINITY));
  }

  private static double best(RunSummary run, String figure, double otherwise) {
    Figure found = run.best().get(figure);
    return found == null ? otherwise : found.value();
  }

  static Table table(List<RunSummary> runs) {
    List<String> settings = differing(runs);
    List<String> titles =
        new ArrayList<>(
            List.of(
                "run", "command", "state", "step", "epoch", "PSNR", "SSIM", "VIF", "loss",
                "started"));
    titles.addAll(settings);
    Table table = new Table(titles.toArray(String[]::new));
    for (RunSummary run : runs) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  run.name(),
                  run.command().isEmpty() ? "-" : run.command(),
                  run.state().toString(),
                  Long.toString(run.step()),
                  Long.toString(run.epoch()),
                  figure(run, "test/psnr", "%.2f"),
                  figure(run, "test/ssim", "%.4f"),
                  figure(run, "test/vif", "%.4f"),
                  figure(run, "train/loss", "%.4g"),
                  run.started().replaceFirst("T", " ").replaceFirst(":\\d\\d(\\.\\d+)?Z$", "")));
      settings.forEach(name -> cells.add(run.settings().getOrDefault(name, "-")));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  /** Settings that are not the same in all runs that tell of theirs. */
  private static List<String> differing(List<RunSummary> runs) {
    TreeSet<String> names = new TreeSet<>();
    runs.forEach(run -> names.addAll(run.settings().keySet()));
    PLACES.forEach(names::remove);
    return names.stream()
        .filter(
            name ->
                runs.stream()
                        .filter(run -> !run.settings().isEmpty())
                        .map(run -> run.settings().getOrDefault(name, ""))
                        .distinct()
                        .count()
                    > 1)
        .limit(MOST_SETTINGS)
        .toList();
  }

  private static String figure(RunSummary run, String name, String format) {
    Figure found = run.best().get(name);
    return found == null ? "-" : String.format(Locale.ROOT, format, found.value());
  }
}
