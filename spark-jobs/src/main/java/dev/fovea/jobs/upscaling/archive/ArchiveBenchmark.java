package dev.fovea.jobs.upscaling.archive;

import com.sun.management.OperatingSystemMXBean;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.OpenUpscaler;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.UpscalerGraph;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures how many pictures a second the whole job upscales (read, decode, upscale, encode, write,
 * audit, account for) beside the engine alone on the same pictures, decoded and in memory, whose
 * results are thrown away. Both after a warm-up on all pictures, turn by turn; the best counts.
 * Processor time, of all threads of the process, is told as well: unlike rates it says something on
 * a machine that others use too.
 *
 * @param folder a local folder of pictures
 * @param model shape of the network; its weights are random
 * @param choice what runs it
 * @param format of the job's outputs
 * @param turns how often each is measured
 */
public record ArchiveBenchmark(
    Path folder, UpscalerConfig model, EngineChoice choice, OutputFormat format, int turns) {

  /** Outputs are then pictures, which is what the encoder is made for, and not noise. */
  private static final double LIKE_TRAINED = 0.1;

  /**
   * What was measured.
   *
   * @param contender what ran
   * @param picturesPerSecond the best of all turns
   * @param share of the engine's own
   * @param cpuSeconds processor time of a picture, the least of all turns
   */
  public record Figure(
      String contender, double picturesPerSecond, double share, double cpuSeconds) {}

  /** The best of some turns. */
  private static final class Best {
    private double rate;
    private double cpuSeconds = Double.POSITIVE_INFINITY;

    void add(double picturesPerSecond, double secondsOfPicture) {
      rate = Math.max(rate, picturesPerSecond);
      cpuSeconds = Math.min(cpuSeconds, secondsOfPicture);
    }

    Figure figure(String contender, Best engine) {
      return new Figure(contender, rate, rate / engine.rate, cpuSeconds);
    }
  }

  /**
   * Measures.
   *
   * @throws UsageException if the folder holds no picture
   */
  public List<Figure> run(Console console) throws IOException {
    List<Picture> pictures = pictures();
    ModelWeights weights = weights();
    int cores = Runtime.getRuntime().availableProcessors();
    Best engine = new Best();
    Best job = new Best();
    Path output = Files.createTempDirectory("fovea-archive");
    SparkSetup setup = SparkSetup.embedded();
    try (OpenUpscaler upscaler = OpenUpscaler.open(weights, choice, cores);
        JavaSparkContext spark = setup.open("fovea benchmark", all -> all)) {
      for (int turn = 0; turn <= turns; turn++) {
        double begun = cpuSeconds();
        double alone = engine(upscaler, pictures);
        double between = cpuSeconds();
        double whole =
            job(spark, setup.hadoopConfiguration(), weights, output.resolve("" + turn), console);
        double ended = cpuSeconds();
        if (turn > 0) {
          engine.add(alone, (between - begun) / pictures.size());
          job.add(whole, (ended - between) / pictures.size());
        }
      }
    } finally {
      delete(output);
    }
    return List.of(
        engine.figure("engine alone, %d threads".formatted(cores), engine),
        job.figure("job, " + format.recorded(), engine));
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  private double engine(OpenUpscaler upscaler, List<Picture> pictures) throws IOException {
    long started = System.nanoTime();
    for (Picture picture : pictures) {
      upscaler.upscale(picture);
    }
    return pictures.size() / ((System.nanoTime() - started) / 1e9);
  }

  private double job(
      JavaSparkContext spark,
      Configuration hadoop,
      ModelWeights weights,
      Path output,
      Console console)
      throws IOException {
    ArchiveSettings settings =
        new ArchiveSettings(
            List.of(folder.toString()),
            Optional.empty(),
            output.toString(),
            ArchiveSettings.DEFAULT_NAME,
            new Style(
                format, ColourPolicy.KEEP, Animations.FIRST_FRAME, Damage.REJECT, Ensemble.NONE),
            choice,
            100,
            120,
            Existing.KEEP,
            Mode.UPSCALE);
    return new ArchiveJob(hadoop, settings, weights, console).run(spark).picturesPerSecond();
  }

  private List<Picture> pictures() throws IOException {
    List<Picture> pictures = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        pictures.add(
            PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.KEEP)
                .picture());
      }
    }
    if (pictures.isEmpty()) {
      throw new UsageException(Setting.IMAGES_PATH, folder, "it holds no files");
    }
    return pictures;
  }

  private ModelWeights weights() {
    return new ModelWeights(
        model,
        UpscalerGraph.initialised(
                UpscalerGraph.training(
                    model,
                    new LossConfig(ReconstructionLoss.MSE, 0),
                    AdafactorConfig.of(1e-2, -0.8)),
                1,
                LIKE_TRAINED)
            .params());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
