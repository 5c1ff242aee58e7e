package dev.fovea.jobs.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** A name node and a data node in this JVM, up in seconds and gone with the JVM. */
public final class Hdfs {
  /**
   * A client asks again whether a file's last block has arrived after 400 ms, then 800 and more; on
   * a busy machine that is most of what a test waits for.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "dfs.replication", "1",
          "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");

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
        // Any free port: the defaults are fixed ones, on which two test runs cannot both listen.
        for (String server : List.of("address", "http.address", "ipc.address")) {
          configuration.set("dfs.datanode." + server, "127.0.0.1:0");
        }
        cluster =
            new MiniDFSCluster.Builder(configuration)
                .numDataNodes(1)
                .checkDataNodeAddrConfig(true)
                .build();
        cluster.waitActive();
        // Stopping the servers in order takes seconds; they end with the process.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtil.fullyDelete(directory)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return cluster;
  }

  /** Its root as a URI without a slash at the end, such as {@code hdfs://127.0.0.1:4711}. */
  public static String uri() {
    return "hdfs://127.0.0.1:" + cluster().getNameNodePort();
  }

  /** What it takes to reach it. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    SETTINGS.forEach(configuration::set);
    return configuration;
  }

  /** The same for a command of Fovea. */
  public static List<String> options() {
    return SETTINGS.entrySet().stream()
        .map(each -> "--spark-conf=spark.hadoop." + each.getKey() + "=" + each.getValue())
        .toList();
  }
}
