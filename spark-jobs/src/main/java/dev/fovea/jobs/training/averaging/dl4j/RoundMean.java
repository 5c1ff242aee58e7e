package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.averaging.dl4j.WorkerAccount.Finding;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Function1;
import scala.Function2;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * What the driver receives of a round.
 *
 * <p>The executors average: each worker's vectors are cut into pieces, the pieces are dealt to as
 * many tasks as there are workers, or a few times as many where networks are large, and a task
 * averages its pieces in the order of the workers. So every executor sends and receives about one
 * set of vectors, and the driver receives one, however many workers there are. (DL4J's tree sums
 * whole networks in the order in which they arrive, and the driver sums its last level.)
 *
 * @param <F> the figures of an optimiser step
 * @param accounts of the workers, in their order
 * @param vectors the means
 */
record RoundMean<F>(List<WorkerAccount<F>> accounts, List<INDArray> vectors) {
  /** A task's pieces, and with them its result, take at most 16 MiB times a few. */
  private static final int PIECES_OF_TASK = (16 << 20) / (Float.BYTES * Pieces.LENGTH);

  RoundMean {
    accounts = List.copyOf(accounts);
    vectors = List.copyOf(vectors);
  }

  /**
   * Runs the round.
   *
   * @param results one partition for each worker with its {@link WorkerResult}
   * @param pieces into which all results are cut
   * @throws TrainingStoppedException if a worker found something that ends the run
   */
  static <F> RoundMean<F> of(JavaRDD<ParameterAveragingTrainingResult> results, Pieces pieces) {
    int tasks = tasks(results.getNumPartitions(), pieces.all().size());
    JavaRDD<Contribution> averaged =
        results
            .mapPartitionsToPair(new CutIntoShares(pieces))
            .repartitionAndSortWithinPartitions(
                new ShareKey.Dealer(pieces.all().size(), tasks), Comparator.naturalOrder())
            .mapPartitions(new MeanOfShares());
    try {
      return of(received(averaged, pieces));
    } finally {
      // At once: Spark itself waits until the driver has collected its garbage.
      averaged.rdd().cleanShuffleDependencies(false);
    }
  }

  /** A multiple of the workers, none of them with more than its share, unless pieces are fewer. */
  static int tasks(int workers, int pieces) {
    int each = Math.max(1, (pieces - 1) / (workers * PIECES_OF_TASK) + 1);
    return Math.min(each * workers, pieces);
  }

  private static Joining received(JavaRDD<Contribution> averaged, Pieces pieces) {
    Joining joining = new Joining(pieces);
    Function1<scala.collection.Iterator<Contribution>, List<Contribution>> all =
        (Function1<scala.collection.Iterator<Contribution>, List<Contribution>> & Serializable)
            RoundMean::all;
    Function2<Object, List<Contribution>, BoxedUnit> take =
        (task, sent) -> {
          joining.add(sent);
          return BoxedUnit.UNIT;
        };
    averaged.context().runJob(averaged.rdd(), all, take, ClassTag$.MODULE$.apply(List.class));
    return joining;
  }

  private static List<Contribution> all(scala.collection.Iterator<Contribution> sent) {
    List<Contribution> all = new ArrayList<>();
    while (sent.hasNext()) {
      all.add(sent.next());
    }
    return all;
  }

  @SuppressWarnings("unchecked") // The accounts are those of one run's workers.
  private static <F> RoundMean<F> of(Joining received) {
    List<WorkerAccount<F>> accounts = new ArrayList<>();
    received.accounts().forEach(account -> accounts.add((WorkerAccount<F>) account));
    stopOnFinding(accounts);
    long samples = accounts.stream().mapToLong(account -> account.report().samples()).sum();
    return new RoundMean<>(accounts, received.vectors(samples));
  }

  private static void stopOnFinding(List<? extends WorkerAccount<?>> accounts) {
    accounts.stream()
        .map(WorkerAccount::finding)
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(Finding::step))
        .ifPresent(
            first -> {
              throw first.toException();
            });
  }
}
