package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Choice;
import dev.fovea.jobs.evaluation.measure.Evaluation;
import dev.fovea.jobs.evaluation.measure.ShowJob;
import dev.fovea.jobs.evaluation.measure.ShownPicture;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Writes {@code index.html}, and beside it {@code pictures/} with the whole pictures that it loads
 * on demand. Names there are made of numbers: what a file was called stands in the page only.
 */
public final class PageJob {
  public static final String FILE_NAME = "index.html";

  private static final String PICTURES = "pictures";
  private static final Pattern OURS = Pattern.compile("\\d{3}-x\\d-[a-z]+\\d*\\.png");

  private final JavaSparkContext spark;
  private final Console console;

  public PageJob(JavaSparkContext spark, Console console) {
    this.spark = spark;
    this.console = console;
  }

  /**
   * Makes and writes the page, the pictures first, and prints what it cost.
   *
   * @param folder the report's, which has its figures already
   */
  public void run(Evaluation evaluation, Path folder) throws IOException {
    long started = System.nanoTime();
    Configuration hadoop = spark.hadoopConfiguration();
    Path pictures = new Path(folder, PICTURES);
    clear(hadoop, pictures);
    List<Choice> choices =
        Choice.of(evaluation.plan(), evaluation.report(), evaluation.plan().bootstrap().seed());
    List<Shown> shown = new ArrayList<>();
    new ShowJob(spark, console)
        .run(
            evaluation.plan(),
            choices,
            picture -> shown.add(write(hadoop, pictures, choices, picture)));
    Path page = new Path(folder, FILE_NAME);
    byte[] html = new ReportPage(evaluation, shown).html().getBytes(StandardCharsets.UTF_8);
    WholeFile.write(hadoop, page, html);
    console.line("page: " + page);
    console.line(cost(evaluation, Duration.ofNanos(System.nanoTime() - started), shown.size()));
  }

  private static Shown write(
      Configuration hadoop, Path folder, List<Choice> choices, ShownPicture picture)
      throws IOException {
    Choice choice = choices.get(picture.choice());
    List<Shown.Version> versions = new ArrayList<>();
    int model = 0;
    for (ShownPicture.Source source : picture.sources()) {
      Shown.Kind kind = Shown.Kind.of(source.id());
      String name =
          String.format(
              Locale.ROOT,
              "%03d-x%d-%s.png",
              picture.choice(),
              choice.ratio(),
              kind.id() + (kind == Shown.Kind.MODEL ? String.valueOf(model++) : ""));
      WholeFile.write(hadoop, new Path(folder, name), source.png());
      versions.add(new Shown.Version(source.id(), kind, PICTURES + "/" + name, source.crop()));
    }
    return new Shown(choice, picture.width(), picture.height(), picture.window(), versions);
  }

  /** Deletes what an earlier report left, and nothing that is not ours. */
  private static void clear(Configuration hadoop, Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    try {
      for (FileStatus file : fileSystem.listStatus(folder)) {
        if (file.isFile() && OURS.matcher(file.getPath().getName()).matches()) {
          fileSystem.delete(file.getPath(), false);
        }
      }
    } catch (FileNotFoundException e) {
      return; // There is no earlier report.
    }
  }

  private static String cost(Evaluation evaluation, Duration took, int pictures) {
    double measuring = evaluation.took().toMillis() / 1000.0;
    double page = took.toMillis() / 1000.0;
    double inTasks = measuring * evaluation.pageShare();
    return String.format(
        Locale.ROOT,
        "%.1f s in all, of which page, pictures and leak guard took %.1f s (%.1f %%): %.1f s while"
            + " measuring, %.1f s for %d pictures and the page",
        measuring + page,
        inTasks + page,
        100 * (inTasks + page) / (measuring + page),
        inTasks,
        page,
        pictures);
  }
}
