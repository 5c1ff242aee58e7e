package dev.fovea.jobs.spark.session;

import dev.fovea.jobs.support.console.Credentials;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Hadoop's settings as they travel with tasks and broadcasts: without credentials, which Spark puts
 * among them where the driver's environment has them. Whoever receives them adds the credentials
 * that its own process has: those of {@code spark.hadoop.*}, which Spark hands to its executors
 * when they register, of its own environment and of its own {@code core-site.xml}. Where there are
 * none, Hadoop's providers go on to ask the machine's role. Safe for use by several threads.
 */
public final class ShippedConfiguration implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String DRIVER = "driver";

  private final SerializableConfiguration shipped;
  private transient volatile Configuration whole;

  public ShippedConfiguration(Configuration configuration) {
    Configuration copy = new Configuration(configuration);
    credentials(configuration).keySet().forEach(copy::unset);
    shipped = new SerializableConfiguration(copy);
  }

  /** The settings with the credentials of this process; the same one at every call. */
  public Configuration value() {
    if (whole == null) {
      synchronized (shipped) {
        if (whole == null) {
          whole = withOwnCredentials();
        }
      }
    }
    return whole;
  }

  private Configuration withOwnCredentials() {
    Configuration made = new Configuration(shipped.value());
    SparkEnv environment = SparkEnv.get();
    if (environment == null) {
      return made;
    }
    Map<String, String> own =
        environment.executorId().equals(DRIVER)
            ? credentials(SparkContext.getOrCreate().hadoopConfiguration())
            : OfExecutor.CREDENTIALS;
    own.forEach(made::set);
    return made;
  }

  private static Map<String, String> credentials(Configuration configuration) {
    Map<String, String> credentials = new HashMap<>();
    for (Map.Entry<String, String> setting : configuration) {
      if (Credentials.hold(setting.getKey(), setting.getValue())) {
        credentials.put(setting.getKey(), setting.getValue());
      }
    }
    return credentials;
  }

  /** Read once in the life of an executor, and not for each of its tasks. */
  private static final class OfExecutor {
    static final Map<String, String> CREDENTIALS =
        credentials(SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf()));
  }
}
