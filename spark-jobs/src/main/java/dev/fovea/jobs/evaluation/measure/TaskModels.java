package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.OpenUpscaler;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The models of one running task, opened when first used. Each serves one thread at a time; the
 * others meanwhile decode and score.
 */
final class TaskModels implements AutoCloseable {
  private final Source source;
  private final int threads;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private boolean keep;

  private TaskModels(Source source, int threads) {
    this.source = source;
    this.threads = threads;
    source.ids.forEach(id -> slots.put(id, new Slot()));
  }

  /**
   * Where tasks find the models: broadcast once to each executor.
   *
   * @param job tells apart what jobs keep open in one process
   */
  record Source(
      String job,
      EngineChoice engine,
      ArrayList<String> ids,
      ArrayList<Integer> ratios,
      ArrayList<Broadcast<ModelWeights>> weights)
      implements Serializable {
    /** Sends the models of a plan to the executors. */
    static Source broadcast(JavaSparkContext spark, EvaluateJob.Plan plan) {
      ArrayList<String> ids = new ArrayList<>();
      ArrayList<Integer> ratios = new ArrayList<>();
      ArrayList<Broadcast<ModelWeights>> weights = new ArrayList<>();
      for (EvaluatedModel model : plan.models()) {
        ids.add(model.id());
        ratios.add(model.upscaleRatio());
        weights.add(spark.broadcast(model.weights()));
      }
      return new Source(UUID.randomUUID().toString(), plan.engine(), ids, ratios, weights);
    }

    TaskModels open(int threads) {
      return new TaskModels(this, threads);
    }

    /** Closes what tasks left open, and takes the models back. */
    void destroy(JavaSparkContext spark) {
      ResidentModels.close(spark, job);
      weights.forEach(Broadcast::destroy);
    }
  }

  /** The models of an upscale ratio. */
  List<String> ids(int ratio) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < source.ids.size(); i++) {
      if (source.ratios.get(i) == ratio) {
        ids.add(source.ids.get(i));
      }
    }
    return ids;
  }

  Picture upscale(String id, Picture picture) throws RejectedPictureException {
    Slot slot = slots.get(id);
    synchronized (slot) {
      if (slot.upscaler == null) {
        ModelWeights weights = source.weights.get(source.ids.indexOf(id)).value();
        slot.upscaler = ResidentModels.take(source.job, id, weights, source.engine, threads);
      }
      return slot.upscaler.upscale(picture);
    }
  }

  /** Says that nothing went wrong, so that the next task may have the models. */
  void keep() {
    keep = true;
  }

  @Override
  public void close() {
    slots.forEach(
        (id, slot) -> {
          synchronized (slot) {
            if (slot.upscaler != null && keep) {
              ResidentModels.giveBack(source.job, id, slot.upscaler);
            } else if (slot.upscaler != null) {
              slot.upscaler.close();
            }
            slot.upscaler = null;
          }
        });
  }

  private static final class Slot {
    private OpenUpscaler upscaler;
  }
}
