package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkSetupTest {
  @TempDir Path folder;

  @AfterEach
  void forgetProperties() {
    System.clearProperty("spark.master");
    System.clearProperty(SparkSetup.DEFAULTS_PROPERTY);
  }

  @Test
  void withoutAWordSparkIsEmbeddedOnAllCoresAndShowsNoPages() {
    SparkConf conf = SparkSetup.embedded().conf("test", cores -> cores);

    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.getInt("spark.task.cpus", 0))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void aMasterOfSparkSubmitIsTakenUnlessOneIsNamed() {
    System.setProperty("spark.master", "spark://there:7077");

    assertThat(SparkSetup.embedded().conf("test", cores -> 1).get("spark.master"))
        .isEqualTo("spark://there:7077");
    assertThat(setup("local[3]", Map.of()).conf("test", cores -> 1).get("spark.master"))
        .isEqualTo("local[3]");
  }

  @Test
  void aTaskGetsThePartOfAnExecutorsCoresThatItsJobAsksFor() {
    assertThat(taskCpus("local[6]", Map.of())).isEqualTo("3");
    assertThat(taskCpus("local", Map.of())).isEqualTo("1");
    assertThat(taskCpus("local[4,2]", Map.of())).isEqualTo("2");
    assertThat(taskCpus("local-cluster[2,8,1024]", Map.of())).isEqualTo("4");
    assertThat(taskCpus("yarn", Map.of("spark.executor.cores", "10"))).isEqualTo("5");
    assertThat(taskCpus("yarn", Map.of())).isEqualTo("1");
    assertThat(taskCpus("local[6]", Map.of("spark.task.cpus", "6"))).isEqualTo("6");
  }

  @Test
  void namedSettingsWinOverTheFileAndTheFileOverOurs() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("spark.conf"),
            "# comment\nspark.hadoop.a.b  1\nspark.ui.enabled true\nspark.broadcast.compress=true\n");
    System.setProperty(SparkSetup.DEFAULTS_PROPERTY, file.toString());
    SparkSetup setup = setup("local[2]", Map.of("spark.hadoop.a.b", "2"));
    SparkConf conf = setup.conf("test", cores -> 1);

    assertThat(conf.get("spark.ui.enabled")).isEqualTo("true");
    assertThat(conf.get("spark.broadcast.compress")).isEqualTo("true");
    assertThat(setup.hadoopConfiguration().get("a.b")).isEqualTo("2");
    assertThat(setup("spark://x:1", Map.of()).conf("test", cores -> 1).get("spark.hadoop.a.b"))
        .isEqualTo("1");
  }

  @Test
  void whatIsNoSettingOrNoMasterIsWrongUsage() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup("local", Map.of("executor.memory", "1g")))
        .withMessageContaining("--spark-conf 'executor.memory'");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup("lokal[2]", Map.of()))
        .withMessageContaining("--master 'lokal[2]': local[N], ");
  }

  private static String taskCpus(String master, Map<String, String> settings) {
    return setup(master, settings).conf("test", cores -> cores / 2).get("spark.task.cpus");
  }

  private static SparkSetup setup(String master, Map<String, String> settings) {
    return new SparkSetup(Optional.of(master), settings);
  }
}
