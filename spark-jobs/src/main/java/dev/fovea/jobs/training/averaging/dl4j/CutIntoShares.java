package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.jobs.training.averaging.dl4j.Pieces.Piece;
import dev.fovea.model.arrays.HostCopy;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/**
 * Cuts a worker's result, at the end of its task, into what goes to the tasks that average; one
 * share at a time, so that the task does not hold its networks twice.
 */
final class CutIntoShares
    implements PairFlatMapFunction<
        Iterator<ParameterAveragingTrainingResult>, ShareKey, Contribution> {
  private static final long serialVersionUID = 1;

  private final Pieces pieces;

  CutIntoShares(Pieces pieces) {
    this.pieces = pieces;
  }

  @Override
  public Iterator<Tuple2<ShareKey, Contribution>> call(
      Iterator<ParameterAveragingTrainingResult> results) {
    WorkerResult<?> result = (WorkerResult<?>) results.next();
    WorkerReport report = result.account().report();
    int worker = report.worker();
    Stream<Tuple2<ShareKey, Contribution>> account =
        Stream.of(new Tuple2<>(new ShareKey(ShareKey.ACCOUNT, worker), result.account()));
    if (result.account().finding() != null) {
      return account.iterator();
    }
    List<INDArray> vectors = Pieces.vectors(result.networks());
    return Stream.concat(
            account,
            IntStream.range(0, pieces.all().size())
                .mapToObj(number -> share(worker, number, report.samples(), vectors)))
        .iterator();
  }

  private Tuple2<ShareKey, Contribution> share(
      int worker, int number, long samples, List<INDArray> vectors) {
    float[] values = values(vectors, pieces.all().get(number));
    return new Tuple2<>(new ShareKey(number, worker), new Share(number, samples, values));
  }

  private static float[] values(List<INDArray> vectors, Piece piece) {
    float[] values = new float[piece.length()];
    HostCopy.read(vectors.get(piece.vector()), piece.from(), values.length, values);
    return values;
  }
}
