package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.Device;
import dev.fovea.model.engine.EngineOptions;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
  @Test
  void gpuAssignedBySparkIsTheDevice() {
    EngineOptions cpu = EngineOptions.cpu(4);
    EngineOptions auto = cpu.on(Device.AUTO);

    assertThat(EngineChoice.onGpu(auto, new String[] {"3"})).isEqualTo(cpu.on(Device.of("cuda:3")));
    assertThat(EngineChoice.onGpu(cpu, new String[] {"3"})).isEqualTo(cpu);
  }
}
