package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.Executors;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Asks executors, before training begins, whether the engine can do what its options want of it,
 * and in which number format it trains there. All of them then train in the same one, so that the
 * result does not depend on which of them computed what.
 */
final class EngineProbe implements Function<Integer, EngineProbe.Answer>, Serializable {
  private static final long serialVersionUID = 1;

  private final String engine;
  private final EngineOptions options;

  /**
   * What one executor says.
   *
   * @param precision of training there, fp32 if it cannot train
   * @param obstacle why it cannot, empty if it can
   */
  record Answer(Precision precision, String obstacle) implements Serializable {}

  private EngineProbe(String engine, EngineOptions options) {
    this.engine = engine;
    this.options = options;
  }

  /**
   * The options with the number format that they name, or with the one of all executors; where
   * executors differ, with fp32, which every one has.
   *
   * @throws UsageException if the engine cannot do what the options want
   */
  static EngineOptions settle(
      JavaSparkContext spark, int workers, String engine, EngineOptions options, Console console) {
    return settle(
        options, Executors.ask(spark, workers, new EngineProbe(engine, options)), console);
  }

  /** The same from the answers. */
  static EngineOptions settle(EngineOptions options, List<Answer> answers, Console console) {
    for (Answer answer : answers) {
      if (!answer.obstacle().isEmpty()) {
        throw new UsageException(answer.obstacle());
      }
    }
    List<Precision> found = answers.stream().map(Answer::precision).distinct().toList();
    if (found.size() == 1) {
      return options.in(found.get(0));
    }
    console.note(
        "not all executors multiply bf16: all train in fp32; %s bf16 trains in bf16 on all"
            .formatted(Setting.PRECISION));
    return options.in(Precision.FP32);
  }

  @Override
  public Answer call(Integer task) {
    try {
      return new Answer(Engines.named(engine).precision(EngineChoice.onAssignedGpu(options)), "");
    } catch (DeviceUnavailableException | IllegalArgumentException | IllegalStateException e) {
      return new Answer(Precision.FP32, e.getMessage());
    }
  }
}
