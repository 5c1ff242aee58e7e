package dev.fovea.averaging;

import dev.fovea.averaging.WorkerAccount.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the driver receives of a round.
 *
 * <p>The executors average: each worker's vectors are cut into pieces, the pieces are dealt to as
 * many tasks as there are workers, and a task averages its pieces in the order of the workers. So
 * every executor sends and receives about one set of vectors, and the driver receives one, however
 * many workers there are. (DL4J's tree sums whole networks in the order in which they arrive, and
 * the driver sums its last level.)
 *
 * @param <F> the figures of an optimiser step
 * @param accounts of the workers, in their order
 * @param vectors the means
 */
record RoundMean<F>(List<WorkerAccount<F>> accounts, List<INDArray> vectors) {
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
    int tasks = Math.min(results.getNumPartitions(), pieces.all().size());
    JavaRDD<Contribution> averaged =
        results
            .mapPartitionsToPair(new CutIntoShares(pieces))
            .repartitionAndSortWithinPartitions(
                new ShareKey.Dealer(pieces.all().size(), tasks), Comparator.naturalOrder())
            .mapPartitions(new MeanOfShares());
    try {
      return of(averaged.collect(), pieces);
    } finally {
      // At once: Spark itself waits until the driver has collected its garbage.
      averaged.rdd().cleanShuffleDependencies(false);
    }
  }

  @SuppressWarnings("unchecked") // The accounts are those of one run's workers.
  private static <F> RoundMean<F> of(List<Contribution> received, Pieces pieces) {
    List<WorkerAccount<F>> accounts = new ArrayList<>();
    List<Share> shares = new ArrayList<>();
    for (Contribution each : received) {
      if (each instanceof Share share) {
        shares.add(share);
      } else {
        accounts.add((WorkerAccount<F>) each);
      }
    }
    stopOnFinding(accounts);
    long samples = accounts.stream().mapToLong(account -> account.report().samples()).sum();
    return new RoundMean<>(accounts, pieces.joined(shares, samples));
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
