package dev.fovea.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** A name node and a data node in this JVM, up in seconds and gone with the JVM. */
public final class Hdfs {
  private static MiniDFSCluster cluster;

  private Hdfs() {}

  /** The cluster, started by the first call. */
  public static synchronized MiniDFSCluster cluster() {
    if (cluster == null) {
      try {
        Configurator.setLevel("org.apache.hadoop", Level.ERROR);
        // Every checkpoint is synced to the disk file by file; tests need not wait for a real one.
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : Path.of("target");
        File directory = Files.createTempDirectory(parent, "fovea-hdfs").toFile();
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.getAbsolutePath());
        configuration.setInt("dfs.replication", 1);
        configuration.set("dfs.namenode.http-address", "127.0.0.1:0");
        cluster =
            new MiniDFSCluster.Builder(configuration)
                .numDataNodes(1)
                .checkDataNodeAddrConfig(true)
                .build();
        cluster.waitActive();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(directory)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return cluster;
  }

  private static void stop(File directory) {
    cluster.shutdown(true);
    FileUtil.fullyDelete(directory);
  }

  /** Its root as a URI without a slash at the end, such as {@code hdfs://127.0.0.1:4711}. */
  public static String uri() {
    return "hdfs://127.0.0.1:" + cluster().getNameNodePort();
  }

  /** What it takes to reach it. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setInt("dfs.replication", 1);
    return configuration;
  }

  /** The same for a command of Fovea. */
  public static List<String> options() {
    return List.of("--spark-conf=spark.hadoop.dfs.replication=1");
  }
}
