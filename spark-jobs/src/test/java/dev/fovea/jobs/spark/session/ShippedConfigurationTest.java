package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class ShippedConfigurationTest {
  private static final String SECRET = "Zk8-not-for-anyone";

  @Test
  void noCredentialTravelsAndEverySettingDoes() throws Exception {
    List<String> credentials =
        List.of(
            "fs.s3a.access.key",
            "fs.s3a.secret.key",
            "fs.s3a.session.token",
            "fs.s3a.bucket.archive.secret.key",
            "fs.s3.awsAccessKeyId",
            "fs.s3n.awsSecretAccessKey",
            "fs.s3a.proxy.password",
            "fs.azure.account.key.one.dfs.core.windows.net",
            "fs.azure.account.oauth2.client.secret",
            "fs.azure.sas.container.one.blob.core.windows.net",
            "fs.gs.auth.service.account.private.key",
            "ssl.client.keystore.password");
    List<String> settings =
        List.of(
            "fs.s3a.endpoint",
            "fs.s3a.aws.credentials.provider",
            "fs.s3a.encryption.algorithm",
            "fs.s3a.encryption.key", // the name of a key of KMS, no key
            "dfs.block.access.token.enable",
            "hadoop.security.credential.provider.path");
    Configuration configuration = new Configuration();
    credentials.forEach(name -> configuration.set(name, SECRET));
    settings.forEach(name -> configuration.set(name, "a value of " + name));
    configuration.set("fs.s3a.bucket.archive.encryption.key", "Zk8".repeat(14) + "A=");

    byte[] bytes = serialised(new ShippedConfiguration(configuration));

    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET, "Zk8Zk8");
    Configuration received =
        ((ShippedConfiguration) new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject())
            .value();
    assertThat(settings)
        .allSatisfy(
            name -> assertThat(received.get(name)).isEqualTo("a value of %s".formatted(name)));
    assertThat(credentials).allSatisfy(name -> assertThat(received.get(name)).isNull());
    assertThat(configuration.get("fs.s3a.secret.key")).isEqualTo(SECRET);
  }

  @Test
  void anExecutorHasTheCredentialsThatSparkWasTold() {
    try (JavaSparkContext spark =
        LocalCluster.executors(1, Map.of("spark.hadoop.fs.s3a.secret.key", SECRET))) {
      spark.hadoopConfiguration().set("fs.s3a.session.token", SECRET);
      spark.hadoopConfiguration().set("fs.s3a.endpoint", "here");

      assertThat(seenByATask(spark)).containsExactly(SECRET, "none", "here");
    }
  }

  @Test
  void aTaskInTheDriversProcessHasTheDriversCredentials() {
    try (JavaSparkContext spark = LocalCluster.threads(1)) {
      spark.hadoopConfiguration().set("fs.s3a.secret.key", SECRET);
      spark.hadoopConfiguration().set("fs.s3a.session.token", SECRET);
      spark.hadoopConfiguration().set("fs.s3a.endpoint", "here");

      assertThat(seenByATask(spark)).containsExactly(SECRET, SECRET, "here");
    }
  }

  private static List<String> seenByATask(JavaSparkContext spark) {
    ShippedConfiguration shipped = new ShippedConfiguration(spark.hadoopConfiguration());
    var broadcast = spark.broadcast(shipped);
    return spark
        .parallelize(List.of(1), 1)
        .flatMap(
            one ->
                Arrays.asList(
                        broadcast.value().value().get("fs.s3a.secret.key"),
                        shipped.value().get("fs.s3a.session.token", "none"),
                        shipped.value().get("fs.s3a.endpoint"))
                    .iterator())
        .collect();
  }

  private static byte[] serialised(Object object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }
}
