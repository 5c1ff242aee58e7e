package dev.fovea.jobs.spark.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.spark.memory.TrainingMemory.Execution;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticSize;
import dev.fovea.model.config.UpscalerConfig;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {
  private static final long GIB = 1L << 30;
  private static final UpscalerConfig UPSCALER =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 16);

  @Test
  void whatFitsIsNotRefused() {
    assertThat(new ProcessMemory(2 * GIB, 2 * GIB, 5 * GIB, "x").shortage()).isEmpty();
  }

  @Test
  void aContainerThatIsTooSmallIsRefusedWithTheSum() {
    assertThat(new ProcessMemory(4 * GIB, 8 * GIB, 8 * GIB, "memory.max").shortage())
        .get()
        .asString()
        .contains(
            "4.0 GiB of heap + 8.0 GiB for arrays outside it + 256 MiB for the JVM itself = 12.3"
                + " GiB, but there are 8.0 GiB (memory.max)",
            "FOVEA_OFF_HEAP",
            "spark.executor.memoryOverhead");
  }

  @Test
  void thisProcessKnowsItsLimits() {
    ProcessMemory here = ProcessMemory.ofThisProcess(OptionalLong.empty());
    assertThat(here.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(here.arrays()).isPositive();
    assertThat(here.container()).isGreaterThan(here.heap() / 2);
    assertThat(ProcessMemory.ofThisProcess(OptionalLong.of(GIB / 2)).shortage())
        .get()
        .asString()
        .contains("512 MiB (spark.executor.memory and spark.executor.memoryOverhead)");
  }

  @Test
  void aBatchThatDoesNotFitIsRefusedWithTheLargestThatDoes() {
    TrainingMemory need = TrainingMemory.ofUpscaler(UPSCALER, 64, Execution.TORCH_FP32);
    int largest = need.largestBatch(4 * GIB);
    assertThat(largest).isBetween(4, 200);
    assertThat(need.shortage(largest, 4 * GIB, "GPU 0")).isEmpty();
    assertThat(need.shortage(largest + 1, 4 * GIB, "GPU 0"))
        .get()
        .asString()
        .startsWith((largest + 1) + " samples of about ")
        .contains("GPU 0 has 4.0 GiB")
        .endsWith("the largest batch that fits is " + largest);
    assertThat(need.shortage(1, GIB / 64, "GPU 0"))
        .get()
        .asString()
        .endsWith("take a smaller network or --target-resolution");
  }

  @Test
  void moreOfEverythingTakesMore() {
    TrainingMemory small = TrainingMemory.ofUpscaler(UPSCALER, 48, Execution.TORCH_FP32);
    TrainingMemory large = TrainingMemory.ofUpscaler(UPSCALER, 64, Execution.TORCH_FP32);
    TrainingMemory half = TrainingMemory.ofUpscaler(UPSCALER, 64, Execution.TORCH_BF16);
    TrainingMemory critic = large.with(CriticSize.SMALL.config(), 256, Execution.TORCH_FP32);
    assertThat(large.bytesPerSample()).isGreaterThan(small.bytesPerSample());
    assertThat(half.bytesPerSample()).isLessThan(large.bytesPerSample());
    assertThat(critic.bytesPerSample()).isGreaterThan(large.bytesPerSample());
    assertThat(critic.fixedBytes()).isGreaterThan(large.fixedBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "yarn, 8g, , 8192, 819",
    "yarn, 1g, , 1024, 384",
    "k8s://host, 2g, 6g, 2048, 6144",
    "spark://host:7077, 2g, 6g, 2048, 6144",
  })
  void arraysOfExecutorsGetWhatTheOverheadLeaves(
      String master, String heap, String overhead, long heapMib, long overheadMib) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster(master)
            .set("spark.executor.memory", heap)
            .set("spark.executor.extraJavaOptions", "-Dx=y");
    if (overhead != null) {
      conf.set("spark.executor.memoryOverhead", overhead);
    }
    assertThat(ExecutorMemory.container(conf)).hasValue((heapMib + overheadMib) * Bytes.MIB);
    ExecutorMemory.limitArrays(conf);
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "-Dx=y -Dorg.bytedeco.javacpp.maxbytes=%dm -Dorg.bytedeco.javacpp.maxphysicalbytes=%dm"
                .formatted(overheadMib - 256, heapMib + overheadMib - 128));
  }

  @Test
  void limitsThatTheUserSetAndExecutorsInThisProcessAreLeftAlone() {
    for (String master : new String[] {"local[2]", "yarn"}) {
      SparkConf conf =
          new SparkConf(false)
              .setMaster(master)
              .set("spark.executor.memoryOverhead", "1g")
              .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=7m");
      if (master.startsWith("local")) {
        conf.remove("spark.executor.extraJavaOptions");
      }
      String before = conf.get("spark.executor.extraJavaOptions", "");
      ExecutorMemory.limitArrays(conf);
      assertThat(conf.get("spark.executor.extraJavaOptions", "")).isEqualTo(before);
    }
    assertThat(ExecutorMemory.container(new SparkConf(false).setMaster("spark://host:7077")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'80123\n', 80123", "'[N/A]\n', ", "'', "})
  void freeMemoryOfAGpuIsWhatTheDriverSays(String text, Long mebibytes) {
    assertThat(GpuMemory.parse(text))
        .isEqualTo(
            mebibytes == null ? OptionalLong.empty() : OptionalLong.of(mebibytes * Bytes.MIB));
  }
}
