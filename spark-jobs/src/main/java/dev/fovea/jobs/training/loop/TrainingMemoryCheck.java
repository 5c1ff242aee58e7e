package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.spark.memory.ExecutorMemory;
import dev.fovea.jobs.spark.memory.GpuMemory;
import dev.fovea.jobs.spark.memory.ProcessMemory;
import dev.fovea.jobs.spark.memory.TrainingMemory;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.Executors;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.Device;
import dev.fovea.model.engine.EngineOptions;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Looks, before training begins, whether executors have the memory that their options promise them
 * and the network needs: a container that is killed in the middle of a run says much less.
 */
final class TrainingMemoryCheck implements Function<Integer, String>, Serializable {
  private static final long serialVersionUID = 1;

  private final EngineOptions options;
  private final int networks;
  private final int batchSize;
  private final TrainingMemory onHost;
  private final TrainingMemory onGpu;

  private TrainingMemoryCheck(
      EngineOptions options,
      int networks,
      int batchSize,
      TrainingMemory onHost,
      TrainingMemory onGpu) {
    this.options = options;
    this.networks = networks;
    this.batchSize = batchSize;
    this.onHost = onHost;
    this.onGpu = onGpu;
  }

  /**
   * Runs the check once for each worker. A process trains as many networks as it runs tasks at
   * once, and never more than there are workers, which else take turns.
   *
   * @param onHost what training needs on the CPU
   * @param onGpu what it needs on a GPU
   * @throws UsageException with the sum written out, if there is too little
   */
  static void require(
      JavaSparkContext spark,
      int workers,
      EngineOptions options,
      int batchSize,
      TrainingMemory onHost,
      TrainingMemory onGpu) {
    int networks = Math.min(workers, Executors.tasksAtOnce(spark));
    Optional<String> shortage =
        Executors.ask(
                spark,
                workers,
                new TrainingMemoryCheck(options, networks, batchSize, onHost, onGpu))
            .stream()
            .filter(found -> !found.isEmpty())
            .findFirst();
    if (shortage.isPresent()) {
      throw new UsageException(shortage.get());
    }
  }

  @Override
  public String call(Integer task) {
    ProcessMemory process =
        ProcessMemory.ofThisProcess(ExecutorMemory.container(SparkEnv.get().conf()));
    return process
        .shortage()
        .map(sum -> "memory: " + sum)
        .or(() -> shortage(process).map(sum -> Setting.BATCH_SIZE + " '" + batchSize + "': " + sum))
        .orElse("");
  }

  private Optional<String> shortage(ProcessMemory process) {
    Device device = EngineChoice.onAssignedGpu(options).device();
    long host = process.container() - process.heap();
    OptionalLong gpu =
        device.kind() == Device.Kind.CPU ? OptionalLong.empty() : GpuMemory.free(device.index());
    // Which of them auto takes is not known here; it is enough if one has room.
    boolean gpuTaken =
        gpu.isPresent() && (device.kind() == Device.Kind.CUDA || gpu.getAsLong() > host);
    String where =
        gpuTaken
            ? "GPU %d".formatted(device.index())
            : "what the heap leaves of " + process.source();
    TrainingMemory need = gpuTaken ? onGpu : onHost;
    return need.shortage(
        batchSize,
        need.share(gpuTaken ? gpu.getAsLong() : host, networks),
        networks == 1
            ? where
            : "each of %d networks that train at once in %s".formatted(networks, where));
  }
}
