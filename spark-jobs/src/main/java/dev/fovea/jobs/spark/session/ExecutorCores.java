package dev.fovea.jobs.spark.session;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** How many cores an executor has, as far as that can be known before Spark is started. */
final class ExecutorCores {
  private static final Pattern LOCAL = Pattern.compile("local\\[\\s*(\\*|\\d+)\\s*(,.*)?]");
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*\\d+\\s*,\\s*(\\d+)\\s*,.*]");

  private ExecutorCores() {}

  /** Whether an executor gets all cores of its standalone worker, and a task none in particular. */
  static boolean leftToTheMaster(SparkConf conf) {
    return conf.get("spark.master").startsWith("spark://")
        && !conf.contains("spark.executor.cores")
        && !conf.contains("spark.task.cpus");
  }

  /** 1 or more; 1 where the cluster decides. */
  static int of(SparkConf conf) {
    String master = conf.get("spark.master");
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      return local.group(1).equals("*")
          ? Runtime.getRuntime().availableProcessors()
          : Math.max(1, Integer.parseInt(local.group(1)));
    }
    Matcher localCluster = LOCAL_CLUSTER.matcher(master);
    if (localCluster.matches()) {
      return Math.max(1, Integer.parseInt(localCluster.group(1)));
    }
    return Math.max(1, conf.getInt("spark.executor.cores", 1));
  }
}
