package dev.fovea.jobs.models.card;

import dev.fovea.jobs.models.card.ModelCard.Speed;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Upscaler;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Times an upscaler on one picture that becomes 1280x720. */
final class SpeedTest {
  private static final int TURNS = 5;

  private SpeedTest() {}

  /** The median of some turns after one for warming up. */
  static Speed of(TrainedUpscaler trained, EngineChoice choice) {
    int ratio = trained.config().upscaleRatio();
    int threads = Runtime.getRuntime().availableProcessors();
    Engine engine = choice.engineForUpscaling();
    EngineOptions options = choice.options(threads);
    double[] millis = new double[TURNS];
    try (Upscaler upscaler = engine.openUpscaler(trained.config(), trained.parameters(), options);
        INDArray low = Nd4j.zeros(DataType.FLOAT, 1, 3, 720 / ratio, 1280 / ratio)) {
      low.addi(0.5);
      upscaler.upscale(low).close();
      for (int turn = 0; turn < TURNS; turn++) {
        long start = System.nanoTime();
        upscaler.upscale(low).close();
        millis[turn] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    return new Speed(
        "measured",
        "a picture of 1280x720, %s on %s, %s, %d threads"
            .formatted(engine.name(), options.device(), engine.precision(options).id(), threads),
        millis[TURNS / 2],
        "ms");
  }
}
