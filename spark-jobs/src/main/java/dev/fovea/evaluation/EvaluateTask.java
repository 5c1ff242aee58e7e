package dev.fovea.evaluation;

import dev.fovea.decode.PictureDecoder;
import dev.fovea.decode.PictureHeader;
import dev.fovea.metrics.JobCounter;
import dev.fovea.picture.ColourPolicy;
import dev.fovea.picture.Limits;
import dev.fovea.picture.Picture;
import dev.fovea.picture.RejectedPictureException;
import dev.fovea.upscaling.Bicubic;
import dev.fovea.upscaling.PictureFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Evaluates a group of files: as many at once as the task has cores, each decoded once for all
 * ratios and models. One file's outcome depends on the file and the settings alone.
 */
final class EvaluateTask implements FlatMapFunction<Iterator<Integer>, String> {
  private static final long serialVersionUID = 1;

  private final ArrayList<Dataset.File> files;
  private final Protocol protocol;
  private final ArrayList<Integer> ratios;
  private final TaskModels.Source models;
  private final SerializableConfiguration hadoop;
  private final JobCounter done;

  EvaluateTask(
      List<Dataset.File> files,
      Protocol protocol,
      List<Integer> ratios,
      TaskModels.Source models,
      SerializableConfiguration hadoop,
      JobCounter done) {
    this.files = new ArrayList<>(files);
    this.protocol = protocol;
    this.ratios = new ArrayList<>(ratios);
    this.models = models;
    this.hadoop = hadoop;
    this.done = done;
  }

  @Override
  public Iterator<String> call(Iterator<Integer> indices) throws Exception {
    int threads = TaskContext.get().cpus();
    try (TaskModels open = models.open(threads)) {
      List<String> outcomes = outcomes(indices, open, threads);
      open.keep();
      return outcomes.iterator();
    }
  }

  private List<String> outcomes(Iterator<Integer> indices, TaskModels open, int threads)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<PictureOutcome>> running = new ArrayList<>();
      indices.forEachRemaining(index -> running.add(pool.submit(() -> outcome(index, open))));
      List<String> outcomes = new ArrayList<>();
      for (Future<PictureOutcome> each : running) {
        outcomes.add(each.get().toJson());
        done.add(1);
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(10, TimeUnit.MINUTES); // The models must not be closed under a thread.
    }
  }

  private PictureOutcome outcome(int index, TaskModels open) throws InterruptedException {
    String sha256 = "";
    Map<Integer, Map<String, Scores>> figures = new TreeMap<>();
    List<String> rejections = new ArrayList<>();
    try {
      byte[] bytes =
          PictureFile.read(hadoop.value(), new Path(files.get(index).path()), Limits.defaults());
      sha256 = Sha256.hexadecimal(bytes);
      int held = PixelBudget.take(PictureHeader.read(bytes).pixels());
      try {
        Picture picture = opaque(bytes);
        for (int ratio : ratios) {
          try {
            figures.put(ratio, scores(picture, ratio, open));
          } catch (RejectedPictureException e) {
            rejections.add(e.getMessage());
          }
        }
      } finally {
        PixelBudget.giveBack(held);
      }
    } catch (IOException e) {
      rejections.add(reason(e));
    }
    return new PictureOutcome(index, sha256, figures, rejections);
  }

  private Map<String, Scores> scores(Picture picture, int ratio, TaskModels open)
      throws RejectedPictureException {
    if (picture.width() < ratio || picture.height() < ratio) {
      throw new RejectedPictureException(
          "%dx%d pixels cannot be made %d times smaller"
              .formatted(picture.width(), picture.height(), ratio));
    }
    Picture original = Bicubic.croppedToMultiple(picture, ratio);
    PictureScorer scorer = new PictureScorer(protocol, ratio, original);
    Picture low = Bicubic.downscaled(original, ratio);
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (String model : open.ids(ratio)) {
      scores.put(model, scorer.score(open.upscale(model, low)));
    }
    scores.put(Report.BICUBIC, scorer.score(Bicubic.upscaled(low, ratio)));
    return scores;
  }

  /** Alpha has no place in a comparison of colours. */
  private static Picture opaque(byte[] bytes) throws RejectedPictureException {
    Picture picture =
        PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.SRGB).picture().toEightBit();
    return new Picture(
        picture.width(),
        picture.height(),
        picture.grey(),
        picture.samples(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static String reason(IOException e) {
    if (e instanceof RejectedPictureException) {
      return e.getMessage();
    }
    String kind = e instanceof FileNotFoundException ? "it is gone" : "it cannot be read";
    return kind + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
