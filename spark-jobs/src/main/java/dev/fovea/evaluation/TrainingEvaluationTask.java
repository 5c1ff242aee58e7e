package dev.fovea.evaluation;

import dev.fovea.decode.PictureDecoder;
import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.Engines;
import dev.fovea.engine.Upscaler;
import dev.fovea.evaluation.TrainingEvaluation.Settings;
import dev.fovea.picture.ColourPolicy;
import dev.fovea.picture.Limits;
import dev.fovea.picture.RejectedPictureException;
import dev.fovea.shard.ShardIndex;
import dev.fovea.shard.ShardReader;
import dev.fovea.shard.ShardRow;
import dev.fovea.spark.EngineChoice;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.Nchw;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Evaluates rows of shards; returns (row, psnr, ssim, vif) of each that is large enough. */
final class TrainingEvaluationTask implements FlatMapFunction<Iterator<Integer>, double[]> {
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
      SerializableConfiguration hadoop)
      implements Serializable {}

  @Override
  public Iterator<double[]> call(Iterator<Integer> rows) throws Exception {
    List<Integer> kept = new ArrayList<>();
    List<TrainingCrop> crops = new ArrayList<>();
    ShardReader reader = new ShardReader(fixed.hadoop.value(), fixed.test.value(), CACHED_GROUPS);
    while (rows.hasNext()) {
      int row = rows.next();
      CropCache.crop(fixed.job, row, () -> crop(reader.read(row)))
          .ifPresent(
              crop -> {
                kept.add(row);
                crops.add(crop);
              });
    }
    List<double[]> figures = new ArrayList<>();
    if (!crops.isEmpty()) {
      try (Upscaler upscaler = open()) {
        List<Scores> scores = TrainingEvaluation.scores(upscaler, crops, TaskContext.get().cpus());
        for (int i = 0; i < scores.size(); i++) {
          Scores each = scores.get(i);
          figures.add(new double[] {kept.get(i), each.psnr(), each.ssim(), each.vif()});
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
