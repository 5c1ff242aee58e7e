package dev.fovea.jobs.spark.session;

import dev.fovea.jobs.spark.kryo.FoveaRegistrator;
import dev.fovea.jobs.spark.memory.ExecutorMemory;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * What the user says about Spark.
 *
 * <p>A setting is taken from the first of these that has it: {@code settings}; system properties,
 * which is how {@code spark-submit} hands its own over; the file named by the system property
 * {@value #DEFAULTS_PROPERTY}, where the launcher embeds Spark; what is built in here.
 *
 * @param master a master's URL; without one the master of {@code spark-submit}, else {@code
 *     local[*]}
 * @param settings settings by their full name, such as {@code spark.executor.memory}
 */
public record SparkSetup(Optional<String> master, Map<String, String> settings) {
  public static final String DEFAULTS_PROPERTY = "fovea.spark.defaults";

  /**
   * Whether a job's tasks write files; only where they do not is {@code spark.speculation} heeded.
   */
  public enum TaskFiles {
    WRITTEN,
    NONE
  }

  private static final Pattern MASTER =
      Pattern.compile(
          "local(\\[(\\*|[1-9]\\d*)(,\\s*\\d+)?])?|local-cluster\\[.+]|spark://.+|yarn|k8s://.+");
  private static final String EMBEDDED_MASTER = "local[*]";
  private static final long MASTER_MILLIS = 10_000;
  private static final int SECRET_BYTES = 32;

  /**
   * @throws UsageException if there is no such kind of master, or if a setting's name does not
   *     begin with {@code spark.}
   */
  public SparkSetup {
    if (master.isPresent() && !MASTER.matcher(master.get()).matches()) {
      throw new UsageException(
          Setting.MASTER,
          master.get(),
          "local[N], local-cluster[N,CORES,MIB], spark://HOST:PORT, yarn or k8s://URL is allowed");
    }
    settings = Map.copyOf(settings);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      if (!setting.getKey().startsWith("spark.")) {
        // Without the value, which may be a key that was meant for spark.hadoop.
        throw new UsageException(
            Setting.SPARK_CONF,
            setting.getKey(),
            "names of settings begin with 'spark.', those of Hadoop with 'spark.hadoop.'");
      }
    }
  }

  /** Embedded Spark on all cores, unless {@code spark-submit} says otherwise. */
  public static SparkSetup embedded() {
    return new SparkSetup(Optional.empty(), Map.of());
  }

  /**
   * Starts Spark for a job; close it to stop Spark.
   *
   * @param name what Spark's pages and logs call the job
   * @param taskCpus how many cores a task of this job shall have, given those of an executor;
   *     {@code cores -> cores} has one task at a time in each executor
   * @throws UsageException if Spark does not understand a setting
   * @throws IllegalStateException if there is no master where a standalone one is named
   */
  public JavaSparkContext open(String name, IntUnaryOperator taskCpus) {
    return open(name, taskCpus, TaskFiles.WRITTEN);
  }

  /** The same for jobs that may also run tasks twice at once, if they write no files. */
  public JavaSparkContext open(String name, IntUnaryOperator taskCpus, TaskFiles writing) {
    SparkConf conf = conf(name, taskCpus, writing);
    StandaloneMasters.requireOne(conf.get("spark.master"), MASTER_MILLIS);
    try {
      JavaSparkContext spark = new JavaSparkContext(conf);
      if (!ExecutorCores.leftToTheMaster(conf)) {
        return spark;
      }
      // What a task is to have is told before executors come, and what they have is known after.
      int cores;
      try (spark) {
        Executors.settled(spark);
        cores = Executors.cores(spark);
      }
      conf.set("spark.executor.cores", Integer.toString(cores));
      conf.set("spark.task.cpus", taskCpus(cores, taskCpus));
      return new JavaSparkContext(conf);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Whether the work is done by executors in processes of their own. */
  public boolean onExecutors() {
    String url = conf("fovea", cores -> 1).get("spark.master");
    return !url.equals("local") && !url.startsWith("local[");
  }

  /** What tells Hadoop's file systems apart, for use before Spark is started. */
  public Configuration hadoopConfiguration() {
    return SparkHadoopUtil.get().newConfiguration(conf("fovea", cores -> 1));
  }

  SparkConf conf(String name, IntUnaryOperator taskCpus) {
    return conf(name, taskCpus, TaskFiles.WRITTEN);
  }

  private SparkConf conf(String name, IntUnaryOperator taskCpus, TaskFiles writing) {
    SparkConf conf = new SparkConf();
    settings.forEach(conf::set);
    master.ifPresent(conf::setMaster);
    if (!conf.contains("spark.master")) {
      conf.setMaster(EMBEDDED_MASTER);
    }
    boolean embedded = conf.get("spark.master").startsWith("local");
    defaults().forEach(conf::setIfMissing);
    if (embedded) {
      conf.setIfMissing("spark.ui.enabled", "false");
      // The name of a laptop often resolves to nothing, or to an address it no longer has.
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    authenticate(conf);
    conf.setIfMissing("spark.app.name", name);
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    FoveaRegistrator.SPARK_SETTINGS.forEach(conf::setIfMissing);
    // Hadoop 3.5's new stream remembers objects, and refuses those that were replaced since.
    conf.setIfMissing("spark.hadoop.fs.s3a.input.stream.type", "classic");
    Umask.setting().ifPresent(umask -> conf.setIfMissing("spark.hadoop." + Umask.KEY, umask));
    // A task that was killed and hangs in native code would keep its executor for ever.
    conf.setIfMissing("spark.task.reaper.enabled", "true");
    conf.setIfMissing("spark.task.reaper.killTimeout", "120s");
    if (writing == TaskFiles.WRITTEN) {
      // By fixed names, and two attempts at once would write the same one.
      conf.set("spark.speculation", "false");
    }
    ExecutorMemory.limitArrays(conf);
    int cores = ExecutorCores.of(conf);
    if (!ExecutorCores.leftToTheMaster(conf)) {
      conf.setIfMissing("spark.task.cpus", taskCpus(cores, taskCpus));
    }
    return conf;
  }

  private static String taskCpus(int cores, IntUnaryOperator wanted) {
    return Integer.toString(Math.max(1, Math.min(cores, wanted.applyAsInt(cores))));
  }

  /**
   * Spark reads Java objects from whoever reaches its ports, also those of the loopback interface,
   * which every user of a machine can. Spark itself makes the secret of a master within this
   * process; a cluster that was started before has to know it already.
   */
  private static void authenticate(SparkConf conf) {
    String master = conf.get("spark.master");
    if (master.startsWith("local")) {
      conf.setIfMissing("spark.authenticate", "true");
    }
    if (master.startsWith("local-cluster") && conf.getBoolean("spark.authenticate", false)) {
      byte[] secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      conf.setIfMissing("spark.authenticate.secret", HexFormat.of().formatHex(secret));
    }
  }

  private static Map<String, String> defaults() {
    String file = System.getProperty(DEFAULTS_PROPERTY, "");
    if (file.isEmpty()) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (InputStreamReader reader =
        new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UsageException("%s: the file of Spark's settings cannot be read".formatted(file));
    }
    Map<String, String> settings = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      settings.put(key, properties.getProperty(key).strip());
    }
    return settings;
  }
}
