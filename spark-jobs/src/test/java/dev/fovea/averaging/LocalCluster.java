package dev.fovea.averaging;

import dev.fovea.kryo.FoveaRegistrator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Spark for tests: in this JVM, or with executors in JVMs of their own. The latter need no Spark
 * distribution: Spark's own switch for its tests says where the executors' home is, and they get
 * this JVM's class path.
 */
public final class LocalCluster {
  private LocalCluster() {}

  /** Spark in this JVM; a task may fail twice. */
  public static JavaSparkContext threads(int threads) {
    return new JavaSparkContext(conf("local[%d,3]".formatted(threads)));
  }

  /** Spark with executors of one core each in JVMs of their own; a task may fail twice. */
  public static JavaSparkContext executors(int executors) {
    return executors(executors, 768, 768);
  }

  /**
   * Spark with executors of one core each in JVMs of their own; a task may fail twice.
   *
   * @param workerMebibytes memory of a worker
   * @param heapMebibytes heap of an executor
   */
  public static JavaSparkContext executors(
      int executors, int workerMebibytes, int heapMebibytes) {
    try {
      Path home = Files.createTempDirectory(Path.of("target"), "spark-home").toAbsolutePath();
      Files.createDirectory(home.resolve("jars"));
      System.setProperty("spark.testing", "true");
      System.setProperty("spark.test.home", home.toString());
      return new JavaSparkContext(
          conf("local-cluster[%d,1,%d]".formatted(executors, workerMebibytes))
              .set("spark.executor.memory", heapMebibytes + "m")
              .set("spark.task.maxFailures", "3")
              .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.12")
              .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
              .set("spark.executor.extraJavaOptions", javaOptions()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.clearProperty("spark.testing");
      System.clearProperty("spark.test.home");
    }
  }

  private static SparkConf conf(String master) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster(master)
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "localhost");
    for (Map.Entry<String, String> setting : FoveaRegistrator.SPARK_SETTINGS.entrySet()) {
      conf.set(setting.getKey(), setting.getValue());
    }
    return conf;
  }

  private static String javaOptions() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return String.join(
        " ",
        Files.readAllLines(directory.resolve("conf/java-options")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList());
  }
}
