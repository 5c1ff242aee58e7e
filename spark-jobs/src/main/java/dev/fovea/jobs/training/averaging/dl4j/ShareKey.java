package dev.fovea.jobs.training.averaging.dl4j;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Where a contribution goes, and its place there: accounts first, then piece by piece, each in the
 * order of the workers.
 *
 * @param piece the piece's number, or {@link #ACCOUNT}
 * @param worker the worker's number
 */
record ShareKey(int piece, int worker) implements Comparable<ShareKey>, Serializable {
  /** Stands in the place of a piece. */
  static final int ACCOUNT = -1;

  private static final Comparator<ShareKey> ORDER =
      Comparator.comparingInt(ShareKey::piece).thenComparingInt(ShareKey::worker);

  @Override
  public int compareTo(ShareKey other) {
    return ORDER.compare(this, other);
  }

  /** Deals runs of neighbouring pieces to tasks; accounts go to the first. */
  static final class Dealer extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int pieces;
    private final int tasks;

    Dealer(int pieces, int tasks) {
      this.pieces = pieces;
      this.tasks = tasks;
    }

    @Override
    public int numPartitions() {
      return tasks;
    }

    @Override
    public int getPartition(Object key) {
      int piece = ((ShareKey) key).piece();
      return piece == ACCOUNT ? 0 : (int) ((long) piece * tasks / pieces);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Dealer dealer && dealer.pieces == pieces && dealer.tasks == tasks;
    }

    @Override
    public int hashCode() {
      return 31 * pieces + tasks;
    }
  }
}
