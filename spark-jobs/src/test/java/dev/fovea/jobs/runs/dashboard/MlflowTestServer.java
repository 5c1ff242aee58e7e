package dev.fovea.jobs.runs.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls of MLflow's REST API 2.0 that our client makes, over HTTP, with the checks that a real
 * server makes of them: sizes of batches, unchanged parameters, unknown runs.
 */
final class MlflowTestServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A run as the server knows it. */
  static final class Run {
    final Map<String, String> params = new TreeMap<>();
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, List<String>> metrics = new TreeMap<>();
    String experiment = "";
    String status = "RUNNING";
  }

  final Map<String, String> experiments = new LinkedHashMap<>();
  final Map<String, Run> runs = new LinkedHashMap<>();

  private final HttpServer server;
  private boolean refusing;

  MlflowTestServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on every call fails, or works again. */
  synchronized void refuse(boolean now) {
    refusing = now;
  }

  synchronized Run only() {
    if (runs.size() != 1) {
      throw new AssertionError("not one run, but " + runs.size());
    }
    return runs.values().iterator().next();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestURI().getPath().replaceFirst("^/api/2.0/mlflow/", "");
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    try {
      if (refusing) {
        throw new Refusal(503, "TEMPORARILY_UNAVAILABLE");
      }
      answer(exchange, 200, answer(call, request, query(exchange)));
    } catch (Refusal e) {
      answer(exchange, e.code, JSON.createObjectNode().put("error_code", e.getMessage()));
    }
  }

  private ObjectNode answer(String call, JsonNode request, Map<String, String> query)
      throws Refusal {
    ObjectNode answer = JSON.createObjectNode();
    switch (call) {
      case "experiments/get-by-name" -> {
        String id = experiments.get(query.get("experiment_name"));
        if (id == null) {
          throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
        }
        answer.putObject("experiment").put("experiment_id", id);
      }
      case "experiments/create" -> {
        String id = Integer.toString(experiments.size() + 1);
        experiments.put(request.path("name").asText(), id);
        answer.put("experiment_id", id);
      }
      case "runs/create" -> {
        Run run = new Run();
        run.experiment = request.path("experiment_id").asText();
        tags(run, request.path("tags"));
        String id = "run-" + (runs.size() + 1);
        runs.put(id, run);
        answer.putObject("run").putObject("info").put("run_id", id).put("run_uuid", id);
      }
      case "runs/log-batch" -> log(run(request.path("run_id").asText()), request);
      case "runs/update" ->
          run(request.path("run_id").asText()).status = request.path("status").asText();
      case "runs/get" -> {
        ArrayNode metrics = answer.putObject("run").putObject("data").putArray("metrics");
        run(query.get("run_id"))
            .metrics
            .forEach(
                (key, values) -> {
                  String[] last = values.get(values.size() - 1).split("=", 2);
                  metrics
                      .addObject()
                      .put("key", key)
                      .put("step", Long.parseLong(last[0]))
                      .put("value", Double.parseDouble(last[1]));
                });
      }
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND");
    }
    return answer;
  }

  private static void log(Run run, JsonNode request) throws Refusal {
    if (request.path("metrics").size() > 1000
        || request.path("params").size() > 100
        || request.path("tags").size() > 100) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE");
    }
    for (JsonNode metric : request.path("metrics")) {
      run.metrics
          .computeIfAbsent(metric.path("key").asText(), key -> new ArrayList<>())
          .add(metric.path("step").asLong() + "=" + metric.path("value").asDouble());
    }
    for (JsonNode param : request.path("params")) {
      String value = param.path("value").asText();
      String before = run.params.put(param.path("key").asText(), value);
      if ((before != null && !before.equals(value)) || value.length() > 500) {
        throw new Refusal(400, "INVALID_PARAMETER_VALUE");
      }
    }
    tags(run, request.path("tags"));
  }

  private static void tags(Run run, JsonNode tags) {
    tags.forEach(tag -> run.tags.put(tag.path("key").asText(), tag.path("value").asText()));
  }

  private Run run(String id) throws Refusal {
    Run run = runs.get(id);
    if (run == null) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
    }
    return run;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static void answer(HttpExchange exchange, int code, ObjectNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int code;

    Refusal(int code, String error) {
      super(error);
      this.code = code;
    }
  }
}
