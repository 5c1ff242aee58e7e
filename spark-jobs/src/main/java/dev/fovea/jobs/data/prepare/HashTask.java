package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.InputStreams;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;

/** SHA-256 of a file by its path; empty where it cannot be read. */
final class HashTask implements Function<String, String> {
  private static final long serialVersionUID = 1;

  private final ShippedConfiguration configuration;

  HashTask(Configuration configuration) {
    this.configuration = new ShippedConfiguration(configuration);
  }

  @Override
  public String call(String name) {
    Path path = new Path(name);
    try (InputStream in = InputStreams.open(configuration.value(), path)) {
      MessageDigest digest = Sha256.digest();
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      // Whoever decodes the file will find the same and say so.
      return "";
    }
  }
}
