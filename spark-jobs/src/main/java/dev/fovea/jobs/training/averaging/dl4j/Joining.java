package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.dl4j.Pieces.Piece;
import dev.fovea.model.arrays.HostCopy;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the driver has received of a round. Each piece goes to its place when it comes, outside the
 * heap, so that the heap holds only what is arriving. Used by one thread at a time.
 */
final class Joining {
  private final Pieces pieces;
  private final List<INDArray> vectors;
  private final List<WorkerAccount<?>> accounts = new ArrayList<>();

  /** That each piece was averaged over; 0 while it is missing. */
  private final long[] samples;

  Joining(Pieces pieces) {
    this.pieces = pieces;
    this.vectors = pieces.lengths().stream().map(Joining::vector).toList();
    this.samples = new long[pieces.all().size()];
  }

  private static INDArray vector(long length) {
    return length == 0
        ? Nd4j.createFromArray(new float[0])
        : Nd4j.createUninitialized(DataType.FLOAT, length);
  }

  /** Takes what a task has sent; tasks may come in any order. */
  void add(List<Contribution> sent) {
    for (Contribution each : sent) {
      if (each instanceof Share share) {
        Piece piece = pieces.all().get(share.piece());
        HostCopy.write(share.values(), piece.length(), vectors.get(piece.vector()), piece.from());
        samples[share.piece()] = share.samples();
      } else {
        accounts.add((WorkerAccount<?>) each);
      }
    }
  }

  /** The workers' accounts, in their order. */
  List<WorkerAccount<?>> accounts() {
    return accounts;
  }

  /**
   * The vectors, once all has come.
   *
   * @param of samples that each piece was averaged over
   * @return each of shape [length]
   * @throws IllegalStateException if a piece is missing or was averaged over other samples
   */
  List<INDArray> vectors(long of) {
    for (int i = 0; i < samples.length; i++) {
      if (samples[i] == 0) {
        throw new IllegalStateException("%s was not averaged".formatted(pieces.all().get(i)));
      }
      if (samples[i] != of) {
        throw new IllegalStateException(
            "%s was averaged over %d of %d samples".formatted(pieces.all().get(i), samples[i], of));
      }
    }
    return vectors;
  }
}
