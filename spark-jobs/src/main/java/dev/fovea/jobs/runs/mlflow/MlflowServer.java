package dev.fovea.jobs.runs.mlflow;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * One run on an MLflow tracking server, through MLflow's own client. Every call waits for the
 * server, and throws what the client throws. For one thread.
 *
 * <p>User, password and token come from the environment, under the names that MLflow gives them:
 * {@code MLFLOW_TRACKING_USERNAME}, {@code MLFLOW_TRACKING_PASSWORD}, {@code
 * MLFLOW_TRACKING_TOKEN}.
 */
final class MlflowServer {
  /** The server's own limits for one call. */
  private static final int MOST_METRICS = 1000;

  private static final int MOST_PARAMS = 100;
  private static final int LONGEST_VALUE = 500;

  private final MlflowClient client;
  private final String runId;

  /** The last step that the server knows of each figure. */
  private final Map<String, Long> told = new HashMap<>();

  private MlflowServer(MlflowClient client, String runId) {
    this.client = client;
    this.runId = runId;
  }

  /** Makes a run in the experiment of that name, which is made if it is missing. */
  static MlflowServer create(String uri, String experiment, Path runDir, RunDescription run) {
    MlflowClient client = client(uri);
    String runId =
        client
            .createRun(
                CreateRun.newBuilder()
                    .setExperimentId(experiment(client, experiment))
                    .setStartTime(Instant.parse(run.started()).toEpochMilli())
                    .setRunName(runDir.getName())
                    .addTags(tag("mlflow.runName", runDir.getName()))
                    .addTags(tag("mlflow.source.name", "fovea " + run.command()))
                    .addTags(tag("fovea.run_id", run.id()))
                    .addTags(tag("fovea.run_dir", runDir.toString()))
                    .build())
            .getRunId();
    List<Param> params = new ArrayList<>();
    run.settings().forEach((name, value) -> params.add(param(name, value)));
    for (int i = 0; i < params.size(); i += MOST_PARAMS) {
      client.logBatch(
          runId, List.of(), params.subList(i, Math.min(params.size(), i + MOST_PARAMS)), List.of());
    }
    List<RunTag> tags = new ArrayList<>();
    run.provenance().forEach((name, value) -> tags.add(tag("fovea." + name, value)));
    client.logBatch(runId, List.of(), List.of(), tags);
    return new MlflowServer(client, runId);
  }

  /** Goes on with a run that was made earlier. */
  static MlflowServer resume(String uri, String runId) {
    MlflowServer server = new MlflowServer(client(uri), runId);
    server
        .client
        .getRun(runId)
        .getData()
        .getMetricsList()
        .forEach(metric -> server.told.merge(metric.getKey(), metric.getStep(), Math::max));
    server.client.sendPost(
        "runs/update", "{\"run_id\": \"%s\", \"status\": \"RUNNING\"}".formatted(runId));
    return server;
  }

  String runId() {
    return runId;
  }

  /** Delivers figures, but none of a step that the server knows already. */
  void log(List<RunEvent> events) {
    List<Metric> metrics = new ArrayList<>();
    for (RunEvent event : events) {
      if (event.step() > told.getOrDefault(event.name(), -1L)) {
        metrics.add(
            Metric.newBuilder()
                .setKey(event.name())
                .setValue(event.value())
                .setStep(event.step())
                .setTimestamp(Instant.parse(event.time()).toEpochMilli())
                .build());
      }
    }
    for (int i = 0; i < metrics.size(); i += MOST_METRICS) {
      List<Metric> batch = metrics.subList(i, Math.min(metrics.size(), i + MOST_METRICS));
      client.logBatch(runId, batch, List.of(), List.of());
      // Taken down batch by batch, so that a call that fails later is not repeated from the start.
      batch.forEach(metric -> told.merge(metric.getKey(), metric.getStep(), Math::max));
    }
  }

  void end(RunState state) {
    client.setTerminated(runId, state == RunState.FINISHED ? RunStatus.FINISHED : RunStatus.FAILED);
    client.close();
  }

  private static MlflowClient client(String uri) {
    return new MlflowClient(
        new BasicMlflowHostCreds(
            uri.replaceFirst("/+$", ""),
            System.getenv("MLFLOW_TRACKING_USERNAME"),
            System.getenv("MLFLOW_TRACKING_PASSWORD"),
            System.getenv("MLFLOW_TRACKING_TOKEN"),
            "true".equals(System.getenv("MLFLOW_TRACKING_INSECURE_TLS"))));
  }

  private static String experiment(MlflowClient client, String name) {
    Optional<String> found = client.getExperimentByName(name).map(Experiment::getExperimentId);
    if (found.isPresent()) {
      return found.get();
    }
    try {
      return client.createExperiment(name);
    } catch (MlflowHttpException e) {
      // Another run may have made it meanwhile.
      return client.getExperimentByName(name).map(Experiment::getExperimentId).orElseThrow(() -> e);
    }
  }

  private static Param param(String name, String value) {
    return Param.newBuilder().setKey(name).setValue(shortened(value)).build();
  }

  private static RunTag tag(String name, String value) {
    return RunTag.newBuilder().setKey(name).setValue(shortened(value)).build();
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE - 1) + "…";
  }
}
