package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.spark.session.SparkSetup.TaskFiles;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;

/** Opens Spark with exactly so many executors, and waits until they are there. */
final class ScalingCluster {
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");

  private final SparkSetup setup;
  private final String master;

  /**
   * @throws UsageException if executors would be threads of this process
   */
  ScalingCluster(SparkSetup setup) {
    this.setup = setup;
    this.master = setup.master().orElseGet(() -> new SparkConf().get("spark.master", "local[*]"));
    if (master.equals("local") || master.startsWith("local[")) {
      throw new UsageException(
          Setting.MASTER,
          master,
          "executors in processes of their own are needed: local-cluster[N,CORES,MIB],"
              + " spark://HOST:PORT, yarn or k8s://URL");
    }
  }

  /** Executors of a local cluster, if it is one. */
  static Optional<Integer> size(SparkSetup setup) {
    return setup
        .master()
        .map(LOCAL_CLUSTER::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.parseInt(matcher.group(1)));
  }

  /**
   * Spark with that many executors, one task at a time in each.
   *
   * @throws UsageException if fewer come
   */
  JavaSparkContext open(int executors) {
    Map<String, String> settings = new HashMap<>(setup.settings());
    Matcher local = LOCAL_CLUSTER.matcher(master);
    String used = master;
    int cores = Integer.parseInt(settings.getOrDefault("spark.executor.cores", "1"));
    if (local.matches()) {
      cores = Integer.parseInt(local.group(2));
      used = "local-cluster[%s,%s,%s]".formatted(executors, cores, local.group(3));
    }
    settings.put("spark.executor.cores", Integer.toString(cores));
    settings.put("spark.executor.instances", Integer.toString(executors));
    settings.put("spark.cores.max", Integer.toString(executors * cores));
    settings.put("spark.dynamicAllocation.enabled", "false");
    settings.put("spark.speculation", "false");
    // The first job waits for all of them.
    settings.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    settings.putIfAbsent("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
    JavaSparkContext spark =
        new SparkSetup(Optional.of(used), settings)
            .open("fovea benchmark", all -> all, TaskFiles.NONE);
    try {
      emptyTasks(spark, executors);
      int there = executors(spark).size();
      if (there != executors) {
        throw new UsageException(
            Setting.EXECUTORS,
            executors,
            "%d came in time; the cluster needs free cores and memory for all".formatted(there));
      }
      return spark;
    } catch (RuntimeException e) {
      spark.close();
      throw e;
    }
  }

  /** Runs tasks that do nothing. */
  static void emptyTasks(JavaSparkContext spark, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    spark.parallelize(numbers, tasks).count();
  }

  /** Whether the executors, with so many cores each, have the cores they are told of. */
  static ScalingRow.Cores cores(JavaSparkContext spark, int coresEach) {
    List<SparkExecutorInfo> executors = executors(spark);
    boolean here = executors.stream().allMatch(each -> isHere(each.host()));
    return here && executors.size() * coresEach > Runtime.getRuntime().availableProcessors()
        ? ScalingRow.Cores.SHARED
        : ScalingRow.Cores.OWN;
  }

  private static List<SparkExecutorInfo> executors(JavaSparkContext spark) {
    // The driver is listed among them, by its own port.
    int driver = spark.env().blockManager().blockManagerId().port();
    return Arrays.stream(spark.sc().statusTracker().getExecutorInfos())
        .filter(each -> each.port() != driver)
        .toList();
  }

  private static boolean isHere(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }
}
