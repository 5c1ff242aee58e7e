package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.spark.session.AuthenticationTest;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts {@code submit/cluster} and {@code submit/gpu-discovery}, with a real Spark. */
class ClusterScriptTest {
  @TempDir private Path folder;
  private Path root;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void layOutABuild() throws IOException {
    root = folder.resolve("a folder");
    Path repository =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .filter(at -> Files.exists(at.resolve("submit/cluster")))
            .findFirst()
            .orElseThrow();
    for (String name :
        List.of(
            "submit/cluster",
            "submit/gpu-discovery",
            "conf/java-options",
            "conf/spark-defaults-standalone.conf",
            "conf/log4j2.properties")) {
      Path copy = root.resolve(name);
      Files.createDirectories(copy.getParent());
      Files.copy(repository.resolve(name), copy);
    }
    environment.put("FOVEA_CLUSTER_PORT", Integer.toString(freePort()));
    environment.put("FOVEA_CLUSTER_CORES", "1");
    environment.put("FOVEA_CLUSTER_MEMORY", "600m");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  private Path lib() {
    return root.resolve("spark-jobs/target/fovea/lib");
  }

  private void linkJars() throws IOException {
    Path lib = Files.createDirectories(lib());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && !Files.exists(lib.resolve(jar.getFileName()))) {
        Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar.toAbsolutePath());
      }
    }
  }

  @AfterEach
  void leaveNothingRunning() throws Exception {
    run("submit/cluster", "stop");
    if (Files.exists(lib())) {
      try (Stream<Path> links = Files.list(lib())) {
        for (Path link : links.toList()) {
          Files.delete(link);
        }
      }
    }
  }

  @Test
  void aJobRunsOnAMasterAndTwoWorkersUntilTheyAreStopped() throws Exception {
    linkJars();
    assertThat(run("submit/cluster", "status")).isEqualTo(new CommandRun(3, "not running\n", ""));
    CommandRun started = run("submit/cluster", "start", "2");
    assertThat(started.code()).as(started.err()).isZero();
    String url = "spark://127.0.0.1:" + environment.get("FOVEA_CLUSTER_PORT");
    assertThat(started.out()).startsWith(url + ", 2 workers of 1 cores and 600m");
    assertThat(run("submit/cluster", "status").out())
        .startsWith(url + ": 2 workers alive, 2 cores, 1200 MiB;");
    CommandRun again = run("submit/cluster", "start");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("it is running already, " + url);

    int port = Integer.parseInt(environment.get("FOVEA_CLUSTER_PORT"));
    assertThat(AuthenticationTest.answer(port, "127.0.0.1", port))
        .doesNotContain(AuthenticationTest.UNKNOWN_CLASS);
    Path settings = root.resolve("spark-jobs/target/fovea/cluster/spark.conf");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)))
        .isEqualTo("rw-------");
    Properties shared = new Properties();
    try (Reader reader = Files.newBufferedReader(settings)) {
      shared.load(reader);
    }
    SparkConf conf = new SparkConf();
    shared.stringPropertyNames().forEach(name -> conf.set(name, shared.getProperty(name)));
    // What an embedded Spark of this process left with its user goes before what is set.
    Credentials secret = new Credentials();
    secret.addSecretKey(
        SecurityManager.SECRET_LOOKUP_KEY(),
        conf.get("spark.authenticate.secret").getBytes(StandardCharsets.UTF_8));
    UserGroupInformation.getCurrentUser().addCredentials(secret);
    conf.setMaster(url)
        .setAppName("count")
        .set("spark.executor.memory", "512m")
        .remove("spark.executor.memoryOverhead")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.executor.extraJavaOptions", javaOptions());
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      assertThat(context.parallelize(List.of(1, 2, 3, 4, 5), 2).count()).isEqualTo(5);
    }

    assertThat(run("submit/cluster", "stop"))
        .isEqualTo(new CommandRun(0, "stopped 3 processes\n", ""));
    assertThat(settings).doesNotExist();
    assertThat(run("submit/cluster", "status").code()).isEqualTo(3);
    assertThat(run("submit/cluster", "stop").out()).isEqualTo("stopped 0 processes\n");
  }

  @Test
  void whatIsWrongIsNamedBeforeAnythingStarts() throws Exception {
    assertThat(run("submit/cluster").err()).contains("a command is missing; allowed are: start");
    assertThat(run("submit/cluster", "restart").err()).contains("there is no command 'restart'");
    CommandRun none = run("submit/cluster", "start", "no");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("number of workers 'no' is not 1 or more");
    CommandRun unbuilt = run("submit/cluster", "start", "1");
    assertThat(unbuilt.code()).isEqualTo(1);
    assertThat(unbuilt.err()).contains("lib' holds no Spark; mvn -DskipTests package brings it");
    Files.createDirectories(lib());
    Files.createFile(lib().resolve("spark-core_2.12-3.jar"));
    try (ServerSocket taken = new ServerSocket(0)) {
      environment.put("FOVEA_CLUSTER_PORT", Integer.toString(taken.getLocalPort()));
      CommandRun run = run("submit/cluster", "start", "1");
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .contains("port %d is taken; FOVEA_CLUSTER_PORT".formatted(taken.getLocalPort()));
    }
    environment.put("FOVEA_CLUSTER_PORT", "http");
    assertThat(run("submit/cluster", "status").code()).isEqualTo(2);
  }

  @Test
  void gpusAreFoundWithoutNvidiaSmi() throws Exception {
    environment.put("FOVEA_NO_NVIDIA_SMI", "1");
    CommandRun none = run("submit/gpu-discovery", folder.toString());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("there is no NVIDIA GPU");
    Path devices = Files.createDirectories(folder.resolve("dev"));
    for (String device : List.of("nvidia0", "nvidia10", "nvidia2", "nvidiactl", "nvidia-uvm")) {
      Files.createFile(devices.resolve(device));
    }
    assertThat(run("submit/gpu-discovery", folder.toString()))
        .isEqualTo(
            new CommandRun(0, "{\"name\": \"gpu\", \"addresses\": [\"0\",\"2\",\"10\"]}\n", ""));
  }

  @Test
  void gpusAreFoundByNvidiaSmi() throws Exception {
    Path smi = folder.resolve("bin/nvidia-smi");
    Files.createDirectories(smi.getParent());
    Files.writeString(smi, "#!/bin/sh\nprintf '0\\n1\\n'\n");
    assertThat(smi.toFile().setExecutable(true)).isTrue();
    environment.put("PATH", smi.getParent() + File.pathSeparator + System.getenv("PATH"));
    assertThat(run("submit/gpu-discovery").out())
        .isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\"]}\n");
  }

  private CommandRun run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(root.resolve(script).toString()));
    command.addAll(List.of(arguments));
    Path err = folder.resolve("stderr");
    Path out = folder.resolve("stdout");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(err.toFile()).redirectOutput(out.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("FOVEA_"));
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new CommandRun(code, Files.readString(out), Files.readString(err));
  }

  private String javaOptions() throws IOException {
    return String.join(
        " ",
        Files.readAllLines(root.resolve("conf/java-options"), StandardCharsets.UTF_8).stream()
            .filter(line -> line.startsWith("-"))
            .toList());
  }

  /** The port after the next has to be free as well. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Math.min(socket.getLocalPort(), 65_000);
    }
  }
}
