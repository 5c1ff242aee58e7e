package dev.fovea.jobs.evaluation.training;

import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.upscaling.single.Nchw;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.pairs.Downscaler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The evaluation inside training: the centre of each test picture at native resolution, protocol
 * {@code rgb}, low resolutions made as in training. Crops of one size go through the network
 * together, while the cores score the batch before. Nothing is kept between evaluations: each
 * figure is that of the parameters at hand.
 */
public final class TrainingEvaluation {
  private static final int PICTURES_PER_BATCH = 16;

  private TrainingEvaluation() {}

  /**
   * What the crops are.
   *
   * @param targetResolution side of the crop in pixels, a multiple of the ratio; of a side that is
   *     shorter, the largest multiple that fits
   */
  public record Settings(int targetResolution, int upscaleRatio, Downscaler downscaler)
      implements java.io.Serializable {
    /**
     * Checks that the crop can be made smaller.
     *
     * @throws IllegalArgumentException naming the values
     */
    public Settings {
      if (upscaleRatio < 1 || targetResolution < 1 || targetResolution % upscaleRatio != 0) {
        throw new IllegalArgumentException(
            "target resolution %d is not a multiple of the upscale ratio %d"
                .formatted(targetResolution, upscaleRatio));
      }
    }
  }

  /**
   * What one evaluation showed.
   *
   * @param mean over the pictures, in their order
   * @param pictures how many have figures
   * @param tooSmall how many are too small for the metrics' windows
   * @param samples details of a few of them, the same at each evaluation, to be looked at
   */
  public record Outcome(Scores mean, int pictures, int tooSmall, List<SamplePicture> samples) {
    public Outcome {
      samples = List.copyOf(samples);
    }
  }

  /** Is given each prediction on the thread that scored it. */
  interface PredictionSink {
    /**
     * One prediction.
     *
     * @param index of the crop
     * @param prediction 3 x height x width, 0 to 1, rounded to 8 bits
     */
    void predicted(int index, float[] prediction);
  }

  /**
   * Scores of each crop, in their order.
   *
   * @param threads for scoring, 1 or more
   */
  static List<Scores> scores(
      Upscaler upscaler, List<TrainingCrop> crops, int threads, PredictionSink sink)
      throws InterruptedException {
    Scores[] scores = new Scores[crops.size()];
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> scoring = new ArrayList<>();
      for (List<Integer> batch : batches(crops)) {
        List<float[]> predictions = upscale(upscaler, crops, batch);
        await(scoring); // Two batches at most are in memory.
        scoring = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
          int index = batch.get(i);
          float[] prediction = predictions.get(i);
          scoring.add(
              pool.submit(
                  () -> {
                    scores[index] = crops.get(index).score(prediction);
                    sink.predicted(index, prediction);
                  }));
        }
      }
      await(scoring);
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(1, TimeUnit.MINUTES);
    }
    return List.of(scores);
  }

  private static Collection<List<Integer>> batches(List<TrainingCrop> crops) {
    Map<List<Integer>, List<Integer>> filling = new LinkedHashMap<>();
    List<List<Integer>> batches = new ArrayList<>();
    for (int i = 0; i < crops.size(); i++) {
      List<Integer> size = List.of(crops.get(i).height(), crops.get(i).width());
      List<Integer> batch = filling.computeIfAbsent(size, key -> new ArrayList<>());
      batch.add(i);
      if (batch.size() == PICTURES_PER_BATCH) {
        batches.add(filling.remove(size));
      }
    }
    batches.addAll(filling.values());
    return batches;
  }

  private static List<float[]> upscale(
      Upscaler upscaler, List<TrainingCrop> crops, List<Integer> batch) {
    TrainingCrop first = crops.get(batch.get(0));
    int low = 3 * first.lowHeight() * first.lowWidth();
    int high = 3 * first.height() * first.width();
    float[] samples = new float[batch.size() * low];
    for (int i = 0; i < batch.size(); i++) {
      crops.get(batch.get(i)).readLowResolution(samples, i * low);
    }
    INDArray input = Nchw.of(samples, batch.size(), 3, first.lowHeight(), first.lowWidth());
    INDArray output = upscaler.upscale(input);
    float[] predictions = Nchw.floats(output);
    Nchw.close(output);
    Nchw.close(input);
    List<float[]> each = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      float[] one = new float[high];
      System.arraycopy(predictions, i * high, one, 0, high);
      each.add(one);
    }
    return each;
  }

  private static void await(List<Future<?>> futures) throws InterruptedException {
    for (Future<?> each : futures) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a prediction cannot be scored", e.getCause());
      }
    }
  }
}
