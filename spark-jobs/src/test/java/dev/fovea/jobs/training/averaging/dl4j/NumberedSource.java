package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.UnusableBatchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Synthetic mini-batches: a content such as {@code 3.4.5} is the pictures 3, 4 and 5, each of
 * repeatable noise, {@code side} pixels square and twice that. Faults are made on request.
 */
record NumberedSource(Fault fault, int faulty, int side) implements BatchSource {
  NumberedSource(Fault fault, int faulty) {
    this(fault, faulty, 2);
  }

  /** What goes wrong at the picture with the number {@code faulty}. */
  enum Fault {
    NONE,
    /** The first attempt of the task fails there. */
    FIRST_ATTEMPT,
    EVERY_ATTEMPT,
    /** The picture is full of NaN. */
    NAN,
    UNUSABLE
  }

  /** The pictures that were made in this JVM. */
  static final Queue<Integer> TAKEN = new ConcurrentLinkedQueue<>();

  static NumberedSource sound() {
    return new NumberedSource(Fault.NONE, -1);
  }

  /** Plans steps of the given numbers of mini-batches, of pictures counted up from 0. */
  static List<StepPlan> steps(int batches, int samplesPerBatch, int accumulation, int lastSamples) {
    List<StepPlan> steps = new ArrayList<>();
    for (int first = 0; first < batches; first += accumulation) {
      List<BatchPlan> group = new ArrayList<>();
      for (int batch = first; batch < Math.min(batches, first + accumulation); batch++) {
        int samples = batch == batches - 1 ? lastSamples : samplesPerBatch;
        int from = batch * samplesPerBatch;
        group.add(
            new BatchPlan(
                samples,
                String.join(
                    ".",
                    IntStream.range(from, from + samples).mapToObj(Integer::toString).toList())));
      }
      int number = steps.size() + 1;
      steps.add(new StepPlan(number, Instruction.reconstruction(0.05 / number), group));
    }
    return steps;
  }

  @Override
  public BatchStream open(List<String> contents) {
    Iterator<String> left = contents.iterator();
    return new BatchStream() {
      @Override
      public Batch next() throws IOException {
        int[] pictures =
            Arrays.stream(left.next().split("\\.")).mapToInt(Integer::parseInt).toArray();
        Arrays.stream(pictures).forEach(TAKEN::add);
        return new Batch(
            noise(pictures, side),
            noise(pictures, 2 * side),
            Arrays.stream(pictures).mapToObj("picture-%d"::formatted).toList());
      }

      @Override
      public void close() {}
    };
  }

  private INDArray noise(int[] pictures, int pixels) throws IOException {
    int values = 3 * pixels * pixels;
    float[] noise = new float[pictures.length * values];
    for (int i = 0; i < pictures.length; i++) {
      Random random = new Random(values * 1000L + pictures[i]);
      boolean nan = false;
      if (pictures[i] == faulty) {
        switch (fault) {
          case NONE -> {}
          case FIRST_ATTEMPT -> {
            if (TaskContext.get().attemptNumber() == 0) {
              throw new IOException("the first attempt fails");
            }
          }
          case EVERY_ATTEMPT -> throw new IOException("every attempt fails");
          case UNUSABLE ->
              throw new UnusableBatchException("picture-%d is no picture".formatted(faulty), null);
          case NAN -> nan = true;
        }
      }
      for (int j = 0; j < values; j++) {
        noise[i * values + j] = nan ? Float.NaN : random.nextFloat();
      }
    }
    return Nd4j.createFromArray(noise).reshape('c', pictures.length, 3, pixels, pixels);
  }
}
