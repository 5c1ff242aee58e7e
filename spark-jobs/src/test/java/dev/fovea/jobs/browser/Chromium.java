package dev.fovea.jobs.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A headless Chromium, driven through chromedriver by the W3C WebDriver protocol. Debian's packages
 * are chromium and chromium-driver.
 */
public final class Chromium implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path profile;
  private final Process driver;
  private final String session;

  /** How the window is. */
  public enum Device {
    DESKTOP,
    PHONE
  }

  private Chromium(Path profile, Process driver, int port, Device device) throws Exception {
    this.profile = profile;
    this.driver = driver;
    List<String> arguments = new ArrayList<>(ARGUMENTS);
    arguments.add("--user-data-dir=" + profile);
    arguments.add("--window-size=1440,1000");
    Map<String, Object> options =
        device == Device.DESKTOP
            ? Map.of("binary", find("chromium"), "args", arguments)
            : Map.of(
                "binary",
                find("chromium"),
                "args",
                arguments,
                "mobileEmulation",
                Map.of(
                    "deviceMetrics",
                    Map.of("width", 390, "height", 844, "pixelRatio", 2, "touch", true)));
    JsonNode made =
        post(
            "http://127.0.0.1:" + port + "/session",
            Map.of(
                "capabilities",
                Map.of(
                    "alwaysMatch",
                    Map.of(
                        "goog:chromeOptions",
                        options,
                        "goog:loggingPrefs",
                        Map.of("browser", "ALL", "performance", "ALL")))));
    session = "http://127.0.0.1:" + port + "/session/" + made.get("sessionId").textValue();
  }

  /** Opens a browser, or skips the test, saying what is missing. */
  public static Chromium open(Device device) throws Exception {
    assumeTrue(
        !find("chromium").isEmpty() && !find("chromedriver").isEmpty(),
        "chromium and chromedriver are not installed (Debian: chromium, chromium-driver)");
    Path profile = Files.createTempDirectory("fovea-chromium");
    Process driver =
        new ProcessBuilder(find("chromedriver"), "--port=0").redirectErrorStream(true).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return new Chromium(profile, driver, Integer.parseInt(port.group(1)), device);
      }
    }
    throw new IOException("chromedriver did not say its port");
  }

  private static String find(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("");
  }

  public void navigate(URI address) throws Exception {
    post(session + "/url", Map.of("url", address.toString()));
  }

  public void size(int width, int height) throws Exception {
    post(session + "/window/rect", Map.of("width", width, "height", height));
  }

  /** The value of a JavaScript expression, once it is settled if it is a promise. */
  public JsonNode evaluate(String expression) throws Exception {
    return post(
        session + "/execute/sync", Map.of("script", "return " + expression, "args", List.of()));
  }

  /** Waits until the page has drawn what changed before. */
  public void settle() throws Exception {
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
  }

  /** Presses at a place of the window, moves to another in steps, and lets go. */
  public void drag(String pointer, int fromX, int fromY, int toX, int toY) throws Exception {
    List<Map<String, Object>> actions = new ArrayList<>();
    actions.add(Map.of("type", "pointerMove", "duration", 0, "x", fromX, "y", fromY));
    actions.add(Map.of("type", "pointerDown", "button", 0));
    for (int i = 1; i <= 4; i++) {
      actions.add(
          Map.of(
              "type",
              "pointerMove",
              "duration",
              20,
              "x",
              fromX + (toX - fromX) * i / 4,
              "y",
              fromY + (toY - fromY) * i / 4));
    }
    actions.add(Map.of("type", "pointerUp", "button", 0));
    act(
        Map.of(
            "type",
            "pointer",
            "id",
            pointer,
            "parameters",
            Map.of("pointerType", pointer),
            "actions",
            actions));
  }

  public void click(int x, int y) throws Exception {
    drag("mouse", x, y, x, y);
  }

  /** Presses keys, given by their WebDriver code points or letters. */
  public void keys(String keys) throws Exception {
    List<Map<String, Object>> actions = new ArrayList<>();
    keys.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            key -> {
              actions.add(Map.of("type", "keyDown", "value", key));
              actions.add(Map.of("type", "keyUp", "value", key));
            });
    act(Map.of("type", "key", "id", "keyboard", "actions", actions));
  }

  private void act(Map<String, Object> source) throws Exception {
    post(session + "/actions", Map.of("actions", List.of(source)));
    settle();
  }

  /** What the page and the browser said of it on the console since the last time. */
  public List<String> console() throws Exception {
    List<String> lines = new ArrayList<>();
    post(session + "/se/log", Map.of("type", "browser"))
        .forEach(entry -> lines.add(entry.get("message").textValue()));
    return lines;
  }

  /** Addresses that were asked for since the last time, but for data that stands in the page. */
  public List<String> requests() throws Exception {
    List<String> addresses = new ArrayList<>();
    for (JsonNode entry : post(session + "/se/log", Map.of("type", "performance"))) {
      JsonNode message = JSON.readTree(entry.get("message").textValue()).get("message");
      if (message.get("method").textValue().equals("Network.requestWillBeSent")) {
        String address = message.at("/params/request/url").textValue();
        if (!address.startsWith("data:")) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  public byte[] screenshot() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(session + "/screenshot")).build();
    return Base64.getDecoder().decode(send(request).textValue());
  }

  private JsonNode post(String address, Object body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address))
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private JsonNode send(HttpRequest request) throws Exception {
    HttpResponse<String> response =
        http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    JsonNode value = JSON.readTree(response.body()).get("value");
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + ": " + value);
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    try {
      http.send(
          HttpRequest.newBuilder(URI.create(session)).DELETE().build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      driver.destroy();
      driver.onExit().join();
      try (Stream<Path> files = Files.walk(profile)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
