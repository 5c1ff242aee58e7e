package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.model.engine.NetworkState;
import java.util.List;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;

/**
 * What a worker's task comes to: its networks and its account. DL4J wants a result of its own type;
 * ours stays within the task, which cuts it into contributions.
 *
 * @param <F> the figures of an optimiser step
 */
@SuppressWarnings("EqualsHashCode") // Lombok's in the parent; results are never compared.
final class WorkerResult<F> extends ParameterAveragingTrainingResult {
  private final transient List<NetworkState> networks;
  private final transient WorkerAccount<F> account;

  private WorkerResult(List<NetworkState> networks, double score, WorkerAccount<F> account) {
    super(null, null, score, null, null, null);
    this.networks = List.copyOf(networks);
    this.account = account;
  }

  static <F> WorkerResult<F> trained(
      List<NetworkState> networks, double score, WorkerReport report, List<F> figures) {
    return new WorkerResult<>(networks, score, new WorkerAccount<>(report, figures, null));
  }

  static <F> WorkerResult<F> stopped(WorkerReport report, WorkerAccount.Finding finding) {
    return new WorkerResult<>(List.of(), 0, new WorkerAccount<>(report, List.of(), finding));
  }

  /** In the order of the run; none where the account has a finding. */
  List<NetworkState> networks() {
    return networks;
  }

  WorkerAccount<F> account() {
    return account;
  }
}
