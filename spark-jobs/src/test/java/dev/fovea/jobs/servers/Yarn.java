package dev.fovea.jobs.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Logger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** A resource manager and a node manager in this JVM, which start containers as processes. */
public final class Yarn implements AutoCloseable {
  /** Of the libraries in it that log past log4j; held, as the JDK forgets loggers nobody holds. */
  private static final Logger SHADED = Logger.getLogger("org.apache.hadoop.shaded");

  private static final int MEMORY_MIB = 4096;

  private final MiniYARNCluster cluster;
  private final Path settings;

  private Yarn(MiniYARNCluster cluster, Path settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /**
   * Starts them.
   *
   * @param folder for what they and their clients write; the default file system is this machine's
   */
  public static Yarn start(Path folder) throws IOException {
    Configurator.setLevel("org.apache.hadoop", Level.ERROR);
    SHADED.setLevel(java.util.logging.Level.SEVERE);
    YarnConfiguration configuration = new YarnConfiguration();
    configuration.set("hadoop.tmp.dir", folder.resolve("hadoop").toString());
    configuration.setInt(YarnConfiguration.NM_PMEM_MB, MEMORY_MIB);
    configuration.setInt(YarnConfiguration.NM_VCORES, 4);
    configuration.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
    configuration.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, MEMORY_MIB);
    configuration.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    // A full disk of the machine would have the node do nothing, and say so nowhere.
    configuration.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
    configuration.set("yarn.scheduler.capacity.root.queues", "default");
    configuration.setFloat("yarn.scheduler.capacity.root.default.capacity", 100);
    configuration.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 1);
    MiniYARNCluster cluster = new MiniYARNCluster("fovea", 1, 1, 1);
    cluster.init(configuration);
    cluster.start();
    Path settings = Files.createDirectories(folder.resolve("hadoop-conf"));
    // What it has found out since, such as its ports.
    Configuration found = cluster.getConfig();
    try (OutputStream out = Files.newOutputStream(settings.resolve("yarn-site.xml"))) {
      found.writeXml(out);
    }
    return new Yarn(cluster, settings);
  }

  /** What HADOOP_CONF_DIR has to name. */
  public Path settings() {
    return settings;
  }

  /** Where containers have left their files and logs. */
  public Path work() {
    return cluster.getTestWorkDir().toPath();
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
