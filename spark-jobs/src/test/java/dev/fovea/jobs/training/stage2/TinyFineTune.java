package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.StoppedOnRequestException;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.training.averaging.OuterMomentum;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.PictureWeight;
import dev.fovea.jobs.training.loop.Budget;
import dev.fovea.jobs.training.loop.Checkpointing;
import dev.fovea.jobs.training.loop.LearningRateSchedule;
import dev.fovea.jobs.training.loop.OnCorruptShard;
import dev.fovea.jobs.training.loop.Optimization;
import dev.fovea.jobs.training.loop.Parallelism;
import dev.fovea.jobs.training.loop.RunSettings;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.pairs.CropMode;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.pairs.Flips;
import dev.fovea.pictures.pairs.PairSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Fine-tuning against a critic of a few channels, which no option of the command asks for: a real
 * job for tests, and a program for those that kill it.
 *
 * @param base the stage-1 checkpoint
 * @param train pictures of 40 pixels a side or more
 * @param test likewise
 * @param run where checkpoints and figures are left
 * @param engine what runs it
 * @param workers logical workers
 * @param epochs of the whole run; the first two warm the critic up
 * @param criticRate the critic's learning rate
 * @param minutes between two checkpoints at most
 */
record TinyFineTune(
    Path base,
    Path train,
    Path test,
    Path run,
    String engine,
    int workers,
    int epochs,
    double criticRate,
    double minutes) {
  static final UpscalerConfig UPSCALER = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 1, 1);
  static final CriticConfig CRITIC = new CriticConfig(2, List.of(1, 1));
  static final int WARM_UP = 2;

  /** The exit code of a run that was asked to stop. */
  static final int STOPPED = 4;

  /** A run that saves at the end of each epoch. */
  TinyFineTune(
      Path base,
      Path train,
      Path test,
      Path run,
      String engine,
      int workers,
      int epochs,
      double criticRate) {
    this(base, train, test, run, engine, workers, epochs, criticRate, Checkpointing.MINUTES);
  }

  /** Resumes the run whose components are the arguments, in this order. */
  public static void main(String[] args) throws IOException {
    TinyFineTune run =
        new TinyFineTune(
            Path.of(args[0]),
            Path.of(args[1]),
            Path.of(args[2]),
            Path.of(args[3]),
            args[4],
            Integer.parseInt(args[5]),
            Integer.parseInt(args[6]),
            Double.parseDouble(args[7]),
            Double.parseDouble(args[8]));
    try {
      run.resume();
    } catch (StoppedOnRequestException e) {
      System.out.println(e.getMessage());
      System.exit(STOPPED);
    }
  }

  /** What {@link #main} takes. */
  List<String> arguments() {
    return List.of(
        base.toString(),
        train.toString(),
        test.toString(),
        run.toString(),
        engine,
        String.valueOf(workers),
        String.valueOf(epochs),
        String.valueOf(criticRate),
        String.valueOf(minutes));
  }

  Path checkpoints() {
    return run.resolve("checkpoint");
  }

  /** Runs to the end, from the newest checkpoint if there is one; returns all that was printed. */
  String resume() throws IOException {
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed);
    Console console = new Console(out, out, Terminal.NONE);
    Configuration configuration = new Configuration();
    FineTuneJob job = new FineTuneJob(configuration, settings(configuration, console), console);
    try (JavaSparkContext spark = LocalCluster.threads(2)) {
      job.run(spark);
    }
    return printed.toString();
  }

  private FineTuneSettings settings(Configuration configuration, Console console)
      throws IOException {
    Checkpointing checkpointing =
        new Checkpointing(
            hadoop(checkpoints()), 1, minutes, 3, Existing.RESUME, Checkpointing.OnFailure.STOP);
    return new FineTuneSettings(
        new RunSettings(
            hadoop(train),
            hadoop(test),
            new PairSettings(
                32,
                UPSCALER.upscaleRatio(),
                CropMode.NATIVE,
                Downscaler.BICUBIC,
                0.1,
                0.1,
                0.1,
                0.1,
                Flips.HORIZONTAL),
            new EpochSettings(0, 2, 2, PictureWeight.UNIFORM),
            new LossConfig(ReconstructionLoss.MSE, 0.5),
            new Optimization(
                AdafactorConfig.of(1e-2, -0.8),
                LearningRateSchedule.COSINE,
                1,
                Optimization.Memory.FAST),
            new Budget(epochs, OptionalLong.empty(), OptionalDouble.empty()),
            new Parallelism(
                new EngineChoice(engine, "cpu", "fp32"),
                OptionalInt.of(workers),
                1,
                OuterMomentum.OFF,
                1),
            checkpointing,
            100,
            OnCorruptShard.FAIL,
            hadoop(run.resolve("figures")),
            Tracking.NONE),
        FineTuneOrigin.find(configuration, base.toString(), checkpointing, console),
        CRITIC,
        criticRate,
        WARM_UP,
        AdversarialTerm.ON);
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
