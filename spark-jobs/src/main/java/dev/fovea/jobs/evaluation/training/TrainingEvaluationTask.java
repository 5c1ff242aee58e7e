package dev.fovea.jobs.evaluation.training;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardReader;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Settings;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.Nchw;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Evaluates rows of shards; returns what is found out of each that is large enough. */
final class TrainingEvaluationTask
    implements FlatMapFunction<Iterator<Integer>, TrainingEvaluationTask.Scored> {
  private static final long serialVersionUID = 1;

  /** Rows of a task follow each other, so that a row group is not needed again. */
  private static final int CACHED_GROUPS = 2;

  private final Fixed fixed;
  private final Broadcast<ModelWeights> weights;

  TrainingEvaluationTask(Fixed fixed, Broadcast<ModelWeights> weights) {
    this.fixed = fixed;
    this.weights = weights;
  }

  /** What stays the same from one evaluation to the next. */
  record Fixed(
      String job,
      Broadcast<ShardIndex> test,
      Settings settings,
      String engine,
      EngineOptions options,
      List<Integer> sampleRows,
      ShippedConfiguration hadoop)
      implements Serializable {}

  /**
   * One picture's.
   *
   * @param sample null where the row is none of the sample rows
   */
  record Scored(int row, Scores scores, SamplePicture sample) implements Serializable {}

  @Override
  public Iterator<Scored> call(Iterator<Integer> rows) throws Exception {
    List<Integer> kept = new ArrayList<>();
    List<TrainingCrop> crops = new ArrayList<>();
    Map<Integer, String> names = new HashMap<>();
    ShardReader reader = new ShardReader(fixed.hadoop.value(), fixed.test.value(), CACHED_GROUPS);
    while (rows.hasNext()) {
      int row = rows.next();
      if (fixed.sampleRows.contains(row)) {
        names.put(row, reader.read(row).path());
      }
      CropCache.crop(fixed.job, row, () -> crop(reader.read(row)))
          .ifPresent(
              crop -> {
                kept.add(row);
                crops.add(crop);
              });
    }
    List<Scored> figures = new ArrayList<>();
    Map<Integer, SamplePicture> samples = new ConcurrentHashMap<>();
    if (!crops.isEmpty()) {
      try (Upscaler upscaler = open()) {
        List<Scores> scores =
            TrainingEvaluation.scores(
                upscaler,
                crops,
                TaskContext.get().cpus(),
                (index, prediction) -> {
                  int row = kept.get(index);
                  if (names.containsKey(row)) {
                    samples.put(row, crops.get(index).sample(names.get(row), prediction));
                  }
                });
        for (int i = 0; i < scores.size(); i++) {
          figures.add(new Scored(kept.get(i), scores.get(i), samples.get(kept.get(i))));
        }
      }
    }
    return figures.iterator();
  }

  private Upscaler open() {
    INDArray parameters = weights.value().parameters();
    try {
      return Engines.named(fixed.engine)
          .openUpscaler(
              weights.value().config(), parameters, EngineChoice.onAssignedGpu(fixed.options));
    } finally {
      Nchw.close(parameters);
    }
  }

  private Optional<TrainingCrop> crop(ShardRow row) throws IOException {
    try {
      return TrainingCrop.of(
          PictureDecoder.decode(row.bytes(), Limits.defaults(), ColourPolicy.SRGB).picture(),
          fixed.settings);
    } catch (RejectedPictureException e) {
      throw new IOException("%s: %s".formatted(row.path(), e.getMessage()), e);
    }
  }
}
