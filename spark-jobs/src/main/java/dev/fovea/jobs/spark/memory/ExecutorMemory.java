package dev.fovea.jobs.spark.memory;

import java.util.OptionalLong;
import org.apache.spark.SparkConf;

/** What Spark's settings give an executor. */
public final class ExecutorMemory {
  private static final String MAX_BYTES = "org.bytedeco.javacpp.maxbytes";
  private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final long LEAST_OVERHEAD_MIB = 384;

  private ExecutorMemory() {}

  /**
   * The container of an executor where a cluster's manager counts it (YARN, Kubernetes), or where
   * its overhead is set.
   */
  public static OptionalLong container(SparkConf conf) {
    OptionalLong overhead = overhead(conf);
    return overhead.isPresent()
        ? OptionalLong.of(heap(conf) + overhead.getAsLong())
        : OptionalLong.empty();
  }

  /**
   * Limits the arrays outside the heap of executors in JVMs of their own to what their overhead
   * leaves, unless their options say something already. Without it they would take as much again as
   * the heap, and the container would be killed.
   */
  public static void limitArrays(SparkConf conf) {
    String options = conf.get(JAVA_OPTIONS, "");
    OptionalLong overhead = overhead(conf);
    if (overhead.isEmpty() || options.contains(MAX_BYTES) || isLocal(conf)) {
      return;
    }
    long arrays = Math.max(Bytes.MIB, overhead.getAsLong() - ProcessMemory.JVM);
    long all = heap(conf) + overhead.getAsLong() - ProcessMemory.OVERSHOOT;
    conf.set(
        JAVA_OPTIONS,
        "%s -D%s=%sm -Dorg.bytedeco.javacpp.maxphysicalbytes=%sm"
            .formatted(options, MAX_BYTES, arrays / Bytes.MIB, all / Bytes.MIB)
            .strip());
  }

  private static OptionalLong overhead(SparkConf conf) {
    if (conf.contains(OVERHEAD)) {
      return OptionalLong.of(conf.getSizeAsMb(OVERHEAD) * Bytes.MIB);
    }
    String master = conf.get("spark.master", "");
    boolean counts = master.equals("yarn") || master.startsWith("k8s://");
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    return counts
        ? OptionalLong.of(
            Math.max(LEAST_OVERHEAD_MIB, (long) (factor * heap(conf) / Bytes.MIB)) * Bytes.MIB)
        : OptionalLong.empty();
  }

  private static long heap(SparkConf conf) {
    return conf.getSizeAsMb("spark.executor.memory", "1g") * Bytes.MIB;
  }

  private static boolean isLocal(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.equals("local") || master.startsWith("local[");
  }
}
