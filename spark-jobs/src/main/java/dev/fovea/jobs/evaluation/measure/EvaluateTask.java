package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.counters.JobCounter;
import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.pictures.fingerprint.PerceptualHash;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Evaluates a group of files: as many at once as the task has cores, each decoded once for all
 * ratios and models. One file's outcome depends on the file and the settings alone.
 */
final class EvaluateTask implements FlatMapFunction<Iterator<Integer>, PictureOutcome> {
  private static final long serialVersionUID = 1;

  private final ArrayList<Dataset.File> files;
  private final Protocol protocol;
  private final ArrayList<Integer> ratios;
  private final TaskModels.Source models;
  private final int thumbnails;
  private final Limits limits;
  private final ShippedConfiguration hadoop;
  private final Counters counters;

  EvaluateTask(
      List<Dataset.File> files,
      Protocol protocol,
      List<Integer> ratios,
      TaskModels.Source models,
      int thumbnails,
      Limits limits,
      ShippedConfiguration hadoop,
      Counters counters) {
    this.files = new ArrayList<>(files);
    this.protocol = protocol;
    this.ratios = new ArrayList<>(ratios);
    this.models = models;
    this.thumbnails = thumbnails;
    this.limits = limits;
    this.hadoop = hadoop;
    this.counters = counters;
  }

  /**
   * What tasks tell the driver while they run.
   *
   * @param done pictures
   * @param nanos spent on pictures, summed over threads
   * @param pageNanos of these, spent on what only the page and the leak guard need
   */
  record Counters(JobCounter done, JobCounter nanos, JobCounter pageNanos)
      implements java.io.Serializable {}

  @Override
  public Iterator<PictureOutcome> call(Iterator<Integer> indices) throws Exception {
    int threads = TaskContext.get().cpus();
    try (TaskModels open = models.open(threads)) {
      List<PictureOutcome> outcomes = outcomes(indices, open, threads);
      open.keep();
      return outcomes.iterator();
    }
  }

  private List<PictureOutcome> outcomes(Iterator<Integer> indices, TaskModels open, int threads)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<PictureOutcome>> running = new ArrayList<>();
      indices.forEachRemaining(index -> running.add(pool.submit(() -> timed(index, open))));
      List<PictureOutcome> outcomes = new ArrayList<>();
      for (Future<PictureOutcome> each : running) {
        outcomes.add(each.get());
        counters.done().add(1);
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(10, TimeUnit.MINUTES); // The models must not be closed under a thread.
    }
  }

  private PictureOutcome timed(int index, TaskModels open) throws InterruptedException {
    long started = System.nanoTime();
    try {
      return outcome(index, open);
    } finally {
      counters.nanos().add(System.nanoTime() - started);
    }
  }

  @SuppressWarnings("try") // the heap is held, not used by name
  private PictureOutcome outcome(int index, TaskModels open) throws InterruptedException {
    PictureReader reader = new PictureReader(hadoop.value(), limits);
    String sha256 = "";
    byte[] thumbnail = {};
    List<String> hashes = new ArrayList<>();
    Map<Integer, Map<String, Scores>> figures = new TreeMap<>();
    List<String> rejections = new ArrayList<>();
    try {
      byte[] bytes = reader.bytes(files.get(index));
      sha256 = Sha256.hex(bytes);
      try (HeapBudget.Held held = PictureReader.room(bytes)) {
        Picture picture = reader.opaque(bytes);
        for (int ratio : ratios) {
          try {
            figures.put(ratio, scores(reader.pair(files.get(index), picture, ratio), ratio, open));
          } catch (RejectedPictureException e) {
            rejections.add(e.getMessage());
          }
        }
        long started = System.nanoTime();
        PerceptualHash.ofAllOrientations(picture).forEach(hash -> hashes.add(hash.hex()));
        thumbnail = index < thumbnails ? Thumbnail.jpeg(picture) : thumbnail;
        counters.pageNanos().add(System.nanoTime() - started);
      }
    } catch (IOException e) {
      rejections.add(reason(e));
    } catch (OutOfMemoryError e) {
      // One picture must not end the job; what it took is free again.
      figures.clear();
      rejections.add("scoring it takes more memory than there is: " + e.getMessage());
    }
    return new PictureOutcome(index, sha256, figures, rejections, hashes, thumbnail);
  }

  private Map<String, Scores> scores(PictureReader.Pair pair, int ratio, TaskModels open)
      throws RejectedPictureException {
    PictureScorer scorer = new PictureScorer(protocol, ratio, pair.original());
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (String model : open.ids(ratio)) {
      scores.put(model, scorer.score(open.upscale(model, pair.low())));
    }
    scores.put(Report.BICUBIC, scorer.score(Bicubic.upscaled(pair.low(), ratio)));
    return scores;
  }

  private static String reason(IOException e) {
    if (e instanceof RejectedPictureException) {
      return e.getMessage();
    }
    String kind = e instanceof FileNotFoundException ? "it is gone" : "it cannot be read";
    return kind + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
