package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
  @TempDir Path folder;

  @Test
  void knowsBf16ByItsFlags() throws IOException {
    assertThat(multipliesBf16("flags\t\t: fpu avx512f avx512_bf16 avx512_vnni")).isTrue();
    assertThat(multipliesBf16("processor\t: 0\nflags\t\t: fpu amx_tile amx_bf16")).isTrue();
    assertThat(multipliesBf16("flags\t\t: fpu avx2 avx512f avx512_bf16_not")).isFalse();
    assertThat(multipliesBf16("Features\t: asimd bf16")).isFalse();
  }

  @Test
  void withoutThatFileTheAnswerIsNo() {
    assertThat(Processor.multipliesBf16(folder.resolve("missing"))).isFalse();
  }

  private boolean multipliesBf16(String cpuInfo) throws IOException {
    return Processor.multipliesBf16(Files.writeString(folder.resolve("cpuinfo"), cpuInfo));
  }
}
