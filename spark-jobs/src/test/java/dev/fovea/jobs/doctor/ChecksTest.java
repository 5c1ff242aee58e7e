package dev.fovea.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.doctor.Finding.State;
import dev.fovea.model.config.Device;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  @Test
  void onlyJava17IsFine() {
    assertThat(JavaCheck.version(17).state()).isEqualTo(State.OK);
    assertThat(JavaCheck.version(21).state()).isEqualTo(State.FAILED);
    assertThat(JavaCheck.version(21).advice()).contains("Java 17", "JAVA_HOME");
  }

  @Test
  void packagesThatAreClosedAreNamed() {
    assertThat(JavaCheck.opens(name -> true).state()).isEqualTo(State.OK);
    Finding finding = JavaCheck.opens(name -> !name.equals("java.nio"));
    assertThat(finding.state()).isEqualTo(State.FAILED);
    assertThat(finding.found()).isEqualTo("closed: java.nio");
    assertThat(finding.advice()).contains("conf/java-options");
  }

  @Test
  void aUserWithoutAnEntryAndAHostWithoutAnAddressAreNoted() {
    assertThat(SystemCheck.user("me", false, folder).state()).isEqualTo(State.OK);
    assertThat(SystemCheck.user("uid-4711", true, folder))
        .matches(finding -> finding.state() == State.NOTE)
        .matches(finding -> finding.advice().contains("/etc/passwd"));
    assertThat(SystemCheck.user("me", false, folder.resolve("nowhere")).found())
        .contains("may not be written");
    assertThat(SystemCheck.unresolved(new UnknownHostException("there: unknown")))
        .matches(finding -> finding.found().equals("there: unknown"))
        .matches(finding -> finding.advice().contains("SPARK_LOCAL_IP"));
  }

  @ParameterizedTest
  @CsvSource({"UTF-8, OK", "utf8, OK", "ANSI_X3.4-1968, NOTE"})
  void namesOfFilesNeedUtf8(String encoding, State state) {
    assertThat(JavaCheck.encoding(encoding).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 4, 8, 14, OK",
    "16, 8, 8, 18, FAILED",
    "16, 4, 0, 0, NOTE",
    "16, 4, 8, 6, NOTE",
    "16, 4, 11, 0, OK"
  })
  void heapArraysAndTheJvmHaveToFit(
      long machine, long heap, long offHeap, long physical, State state) {
    Finding finding =
        new MemoryCheck(machine * GIB, heap * GIB, offHeap * GIB, physical * GIB).finding();
    assertThat(finding.state()).isEqualTo(state);
    assertThat(finding.advice().isEmpty()).isEqualTo(state == State.OK);
  }

  @Test
  void aMachineThatIsTooSmallIsToldWhatFits() {
    assertThat(new MemoryCheck(8 * GIB, 6 * GIB, 4 * GIB, 0).finding())
        .isEqualTo(
            Finding.failed(
                "memory",
                "8.00 GiB here; heap 6.00 GiB, arrays 4.00 GiB: 11.0 GiB with what the JVM takes",
                "the process would be killed: set FOVEA_HEAP and FOVEA_OFF_HEAP to 7g together"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0, NVIDIA H200, 580.65.06, 9.0 | OK | compute capability 9.0",
        "1, NVIDIA A100-SXM4, 535.54.03, 8.0 | NOTE | 580 or later",
        "0, Tesla V100, 580.1, 7.0 | NOTE | only the engine nd4j",
        "0, Tesla K20, 580.1, 3.5 | NOTE | neither engine",
        "0, NVIDIA A10, 580.1, [N/A] | OK | NVIDIA A10"
      })
  void aGpuIsHeldAgainstWhatTheEnginesHaveCodeFor(String line, State state, String text) {
    Gpu gpu = Gpu.parse(line).orElseThrow();
    assertThat(gpu.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.subject()).isEqualTo("cuda:" + gpu.index());
              assertThat(finding.state()).isEqualTo(state);
              assertThat(finding.found() + " " + finding.advice()).contains(text);
            });
  }

  @Test
  void errorsOfNvidiaSmiAreNoGpus() {
    assertThat(Gpu.parse("NVIDIA-SMI has failed, because, it, could not")).isEmpty();
    assertThat(Gpu.parse("")).isEmpty();
  }

  @Test
  void withoutNvidiaSmiTheDriversFilesAreRead() throws IOException {
    assertThat(Gpu.ofDriver(folder)).isEmpty();
    Path gpu = Files.createDirectories(folder.resolve("gpus/0000:00:1e.0"));
    Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA L4\nIRQ: 20\n");
    assertThat(Gpu.ofDriver(folder))
        .containsExactly(new Gpu(0, "NVIDIA L4", Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"20, OK", "5, NOTE", "0, FAILED"})
  void roomIsNeeded(long gibibytes, State state) {
    assertThat(DiskCheck.of("disk", folder, gibibytes * GIB).state()).isEqualTo(state);
    assertThat(DiskCheck.of("disk", folder.resolve("none")).state()).isEqualTo(State.FAILED);
  }

  @Test
  void aProcessorWithoutAvx2IsToldWhatToBuild() {
    assertThat(ProcessorCheck.of(2, "amd64", "flags : sse avx").advice()).contains("classifier");
    assertThat(ProcessorCheck.of(2, "amd64", "flags : sse avx2").state()).isEqualTo(State.OK);
    assertThat(ProcessorCheck.of(8, "aarch64", "").state()).isEqualTo(State.OK);
  }

  @Test
  void aPathIsWrittenAndReadAndLeftAsItWas() throws IOException {
    Path made = folder.resolve("new");
    List<Finding> findings = FileSystemCheck.of(made.toString(), new Configuration());
    assertThat(findings).hasSize(2).allMatch(finding -> finding.state() == State.OK);
    assertThat(findings.get(0).found()).startsWith("file, 1 MiB written, listed and read in ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    FileSystemCheck.of(folder.toString(), new Configuration());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPathThatCannotBeWrittenFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(FileSystemCheck.of(file.toString(), new Configuration()))
        .singleElement()
        .extracting(Finding::state)
        .isEqualTo(State.FAILED);
    assertThat(FileSystemCheck.of("nosuch://there/is", new Configuration()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(State.FAILED);
              assertThat(finding.found()).contains("nosuch");
            });
  }

  @Test
  void executorsThatDoNotSeeTheDriversFolderAreToldToShareOne() throws IOException {
    Path made = folder.resolve("new");
    String file;
    try (SharedFolder mark = SharedFolder.mark(made.toString(), new Configuration())) {
      file = mark.file();
      assertThat(SharedFolder.seen(mark.folder(), file, new Configuration()).state())
          .isEqualTo(State.OK);
    }
    assertThat(folder).isEmptyDirectory();
    Finding elsewhere = SharedFolder.seen(made.toString(), file, new Configuration());
    assertThat(elsewhere.state()).isEqualTo(State.FAILED);
    assertThat(elsewhere.advice()).contains("file system that all machines share");
  }

  @Test
  void anExecutorTakesOneLineAndOneForWhatIsNotWell() {
    Finding well = Finding.ok("java", "17");
    Finding little = Finding.note("temporary files", "2 GiB free", "make room");
    assertThat(ExecutorsCheck.of(new ExecutorTask.Report("1", "7", "there", List.of(well, little))))
        .containsExactly(
            Finding.ok("executor 7 on there", "1 of 2 checks are well"),
            Finding.note("executor 7 on there: temporary files", "2 GiB free", "make room"));
  }

  @Test
  void clocksThatDifferAreNoticed() {
    assertThat(FileSystemCheck.clock("path", -59_000).state()).isEqualTo(State.OK);
    assertThat(FileSystemCheck.clock("path", 61_000).state()).isEqualTo(State.NOTE);
  }

  @Test
  void enginesAreFoundOutByHavingThemCompute() {
    assertThat(EngineCheck.all(Device.CPU, List.of()))
        .extracting(Finding::subject)
        .containsExactly("engine torch", "engine nd4j", "engine vector");
    assertThat(EngineCheck.all(Device.CPU, List.of()))
        .allMatch(finding -> finding.state() == State.OK);
  }
}
