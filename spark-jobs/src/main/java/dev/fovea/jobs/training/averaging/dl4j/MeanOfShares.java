package dev.fovea.jobs.training.averaging.dl4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * Averages the pieces that were dealt to a task, in the order of the workers, and passes accounts
 * on. Expects contributions in the order of their keys.
 */
final class MeanOfShares
    implements FlatMapFunction<Iterator<Tuple2<ShareKey, Contribution>>, Contribution> {
  private static final long serialVersionUID = 1;

  @Override
  public Iterator<Contribution> call(Iterator<Tuple2<ShareKey, Contribution>> sorted) {
    List<Contribution> averaged = new ArrayList<>();
    WeightedMean mean = null;
    int piece = ShareKey.ACCOUNT;
    while (sorted.hasNext()) {
      Contribution next = sorted.next()._2();
      if (next instanceof Share share) {
        if (mean == null || share.piece() != piece) {
          addMean(averaged, piece, mean);
          piece = share.piece();
          mean = new WeightedMean(share.values().length);
        }
        mean.add(share.values(), share.samples());
      } else {
        averaged.add(next);
      }
    }
    addMean(averaged, piece, mean);
    return averaged.iterator();
  }

  private static void addMean(List<Contribution> averaged, int piece, WeightedMean mean) {
    if (mean != null) {
      averaged.add(new Share(piece, mean.weight(), mean.values()));
    }
  }
}
