package dev.fovea.jobs.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The part of Kubernetes' API that takes objects in and says that they are there; nobody runs them.
 */
public final class KubernetesApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<JsonNode> objects = new CopyOnWriteArrayList<>();

  private KubernetesApi(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of this machine. */
  public static KubernetesApi start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    KubernetesApi api = new KubernetesApi(server);
    server.createContext("/", api::answer);
    server.start();
    return api;
  }

  /** Spark's name for it. */
  public String master() {
    return "k8s://http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The one object of a kind, such as {@code Pod}, that was handed in. */
  public JsonNode only(String kind) {
    List<JsonNode> found =
        objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
    if (found.size() != 1) {
      throw new AssertionError("%d of %s, not 1: %s".formatted(found.size(), kind, objects));
    }
    return found.get(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode sent = JSON.readTree(exchange.getRequestBody());
      int code = 404;
      ObjectNode answer = JSON.createObjectNode().put("kind", "Status").put("code", code);
      if (sent instanceof ObjectNode object && !exchange.getRequestMethod().equals("DELETE")) {
        objects.add(object.deepCopy());
        object.withObject("/metadata").put("uid", "uid").put("namespace", "default");
        code = exchange.getRequestMethod().equals("POST") ? 201 : 200;
        answer = object;
      }
      byte[] body = JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
