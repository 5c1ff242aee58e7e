package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.spark.kryo.FoveaRegistrator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.Tuple2;

/**
 * Spark for tests: in this JVM, or with executors in JVMs of their own. The latter need no Spark
 * distribution: Spark's own switch for its tests says where the executors' home is, and they get
 * this JVM's class path.
 */
public final class LocalCluster {
  private LocalCluster() {}

  /** Spark in this JVM; a task may fail twice. */
  public static JavaSparkContext threads(int threads) {
    return threads(threads, Map.of());
  }

  /** The same with further settings of Spark. */
  public static JavaSparkContext threads(int threads, Map<String, String> settings) {
    SparkConf conf = conf("local[%d,3]".formatted(threads));
    settings.forEach(conf::set);
    return new JavaSparkContext(conf);
  }

  /** Spark with executors of one core each in JVMs of their own; a task may fail twice. */
  public static JavaSparkContext executors(int executors) {
    return executors(executors, Map.of());
  }

  /** The same with further settings of Spark. */
  public static JavaSparkContext executors(int executors, Map<String, String> settings) {
    return executorsOf(executors, 1, settings);
  }

  /** The same with executors of several cores, which this machine need not have. */
  public static JavaSparkContext executorsOf(
      int executors, int cores, Map<String, String> settings) {
    return withHome(
        () -> {
          SparkConf conf = inJvms("local-cluster[%d,%d,768]".formatted(executors, cores));
          settings.forEach(conf::set);
          return new JavaSparkContext(conf);
        });
  }

  /**
   * Spark with one worker, and so one executor, on each of two hosts, which are addresses of this
   * machine's loopback: Spark tries a slow task again only on another host.
   *
   * @param closing receives what is to be closed after the context
   */
  static JavaSparkContext twoHosts(Map<String, String> settings, Consumer<Runnable> closing) {
    String master = twoWorkers(1, closing);
    return withHome(
        () -> {
          SparkConf conf = inJvms(master).set("spark.executor.cores", "1");
          settings.forEach(conf::set);
          return new JavaSparkContext(conf);
        });
  }

  /**
   * Starts a master and a worker on each of two hosts.
   *
   * @param cores of each worker
   * @return the master's URL
   */
  public static String twoWorkers(int cores, Consumer<Runnable> closing) {
    return withHome(
        () -> {
          SparkConf conf = inJvms("spark://127.0.0.1:0");
          RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
          String address = "spark://127.0.0.1:" + master.address().port();
          closing.accept(master::shutdown);
          for (int number = 1; number <= 2; number++) {
            RpcEnv worker =
                Worker.startRpcEnvAndEndpoint(
                    "127.0.0." + number,
                    0,
                    0,
                    cores,
                    768,
                    new String[] {address},
                    Files.createTempDirectory(Path.of("target"), "worker").toString(),
                    Option.apply(number),
                    conf,
                    Option.empty());
            closing.accept(worker::shutdown);
          }
          return address;
        });
  }

  private static SparkConf inJvms(String master) throws IOException {
    return conf(master)
        .set("spark.executor.memory", "768m")
        .set("spark.task.maxFailures", "3")
        .set("spark.executorEnv.SPARK_SCALA_VERSION", scalaVersion())
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executor.extraJavaOptions", javaOptions());
  }

  /** 2.13 or 2.12: Spark's scripts ask for it where there is no distribution. */
  public static String scalaVersion() {
    String version = scala.util.Properties.versionNumberString();
    return version.substring(0, version.lastIndexOf('.'));
  }

  /** What a command has to be told so that executors of its own local cluster work in a test. */
  public static Map<String, String> settingsOfExecutors() throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : inJvms("local-cluster").getAll()) {
      settings.put(setting._1(), setting._2());
    }
    settings.keySet().removeAll(Set.of("spark.master", "spark.app.name"));
    return settings;
  }

  /** Does something during which local clusters may be opened. */
  public static <T> T withHome(Callable<T> start) {
    try {
      Path home = Files.createTempDirectory(Path.of("target"), "spark-home").toAbsolutePath();
      Files.createDirectory(home.resolve("jars"));
      System.setProperty("spark.testing", "true");
      System.setProperty("spark.test.home", home.toString());
      return start.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
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
