package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mini-batches of noise that are in memory already: copies of one, so that nobody waits for data.
 *
 * @param batchSize samples of each
 * @param side pixels of the low resolution
 * @param ratio how much larger the high resolution is
 */
record NoiseBatches(int batchSize, int side, int ratio) implements BatchSource {
  @Override
  public BatchStream open(List<String> contents) {
    INDArray low = noise(side);
    INDArray high = noise(side * ratio);
    return new BatchStream() {
      @Override
      public Batch next() {
        return new Batch(low.dup(), high.dup(), Collections.nCopies(batchSize, "noise"));
      }

      @Override
      public void close() {}
    };
  }

  private INDArray noise(int pixels) {
    float[] values = new float[batchSize * 3 * pixels * pixels];
    Random random = new Random(pixels);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return Nd4j.createFromArray(values).reshape('c', batchSize, 3, pixels, pixels);
  }
}
