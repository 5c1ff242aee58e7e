package dev.fovea.jobs.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/** S3Proxy in a JVM of its own, because its libraries are not ours; gone with this JVM. */
public final class S3 {
  /** The secret key; if it turns up anywhere in what Fovea writes, that is a fault. */
  public static final String SECRET = "Zk8-not/for+anyone-3qX";

  private static final String ACCESS_KEY = "AKIAFOVEATESTS";
  private static final String BUCKET = "fovea-tests";
  private static final Path JAR = Path.of("target/s3proxy/s3proxy.jar");

  private static String endpoint;

  private S3() {}

  /** A bucket, such as {@code s3a://bucket}; the server is started by the first call. */
  public static String uri() {
    endpoint();
    return "s3a://" + BUCKET;
  }

  /** What it takes to reach it. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    settings().forEach(configuration::set);
    return configuration;
  }

  /** The same for a command of Fovea. */
  public static List<String> options() {
    List<String> options = new ArrayList<>();
    settings()
        .forEach((name, value) -> options.add("--spark-conf=spark.hadoop." + name + "=" + value));
    return options;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", endpoint());
    settings.put("fs.s3a.access.key", ACCESS_KEY);
    settings.put("fs.s3a.secret.key", SECRET);
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put("fs.s3a.directory.marker.retention", "keep");
    settings.put("fs.s3a.multiobjectdelete.enable", "false");
    settings.put("fs.s3a.change.detection.mode", "none");
    settings.put("fs.s3a.input.stream.type", "classic");
    return settings;
  }

  private static synchronized String endpoint() {
    if (endpoint == null) {
      try {
        endpoint = start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return endpoint;
  }

  private static String start() throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(
          "%s is missing; mvn -pl spark-jobs -am process-test-resources brings it"
              .formatted(JAR.toAbsolutePath()));
    }
    Path folder = Files.createTempDirectory(Path.of("target"), "s3").toAbsolutePath();
    Files.createDirectories(folder.resolve("data").resolve(BUCKET));
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    Files.writeString(
        folder.resolve("s3proxy.properties"),
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        jclouds.identity=none
        jclouds.credential=none
        """
            .formatted(url, ACCESS_KEY, SECRET, folder.resolve("data")));
    Files.writeString(
        folder.resolve("logback.xml"),
        """
        <configuration>
          <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%-5level %logger{20} %msg%n</pattern></encoder>
          </appender>
          <root level="warn"><appender-ref ref="STDERR"/></root>
        </configuration>
        """);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-jar",
                JAR.toAbsolutePath().toString(),
                "--properties",
                folder.resolve("s3proxy.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log.txt").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitPort(process, port, folder);
    return url;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(Process process, int port, Path folder) throws IOException {
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        try {
          if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                "S3Proxy ended: " + Files.readString(folder.resolve("log.txt")), e);
          }
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(interrupted);
        }
      }
    }
  }
}
