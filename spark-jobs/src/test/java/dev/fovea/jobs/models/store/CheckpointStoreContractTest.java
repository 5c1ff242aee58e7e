package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every file system has to keep of a checkpoint store's promises. */
abstract class CheckpointStoreContractTest {
  private final List<String> warnings = new ArrayList<>();
  private Path path;
  private FileSystem fileSystem;

  /** A directory of the file system under test. */
  protected abstract Path root();

  /** What it takes to reach it. */
  protected abstract Configuration configuration();

  @BeforeEach
  void chooseAPath() throws IOException {
    path = new Path(root(), UUID.randomUUID() + "/check points");
    fileSystem = path.getFileSystem(configuration());
    path = fileSystem.makeQualified(path);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Checkpoint checkpoint = Checkpoints.of("run", 12);
    writer("run", Existing.REFUSE).write(checkpoint);
    assertThat(names(path)).containsExactly("step-00000012");
    assertThat(names(step(12)))
        .containsExactlyInAnyOrder(
            "MANIFEST.json",
            "config.json",
            "model.safetensors",
            "optimizer.safetensors",
            "training.json");
    assertThat(store().read()).isEqualTo(checkpoint);
    assertThat(store().newest()).contains(checkpoint);
    assertThat(store().readUpscaler()).isEqualTo(checkpoint.upscaler());
    assertThat(store().readModel())
        .isEqualTo(new StoredModel(checkpoint.upscaler(), checkpoint.state()));
    assertThat(warnings).isEmpty();
  }

  @Test
  void modelIsReadWithoutItsOptimiser() throws IOException {
    Checkpoint checkpoint = Checkpoints.of("run", 12);
    writer("run", Existing.REFUSE).write(checkpoint);
    fileSystem.delete(new Path(step(12), "optimizer.safetensors"), false);

    assertThat(store().readModel().state()).isEqualTo(checkpoint.state());
    assertThat(warnings).isEmpty();
  }

  @Test
  void aPathWithoutCheckpointsIsSaidToBeOne() throws IOException {
    assertThat(store().newest()).isEmpty();
    assertThatThrownBy(() -> store().read())
        .isInstanceOf(NoCheckpointException.class)
        .hasMessage("no checkpoint at " + path);
    assertThatThrownBy(() -> store().readUpscaler()).isInstanceOf(NoCheckpointException.class);
  }

  @Test
  void theHighestStepWins() throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    for (long step : new long[] {9, 100, 123_456_789}) {
      writer.write(Checkpoints.of("run", step));
    }
    assertThat(names(path))
        .containsExactlyInAnyOrder("step-00000009", "step-00000100", "step-123456789");
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 123_456_789));
  }

  @Test
  void aStepDirectoryCanBeNamed() throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    writer.write(Checkpoints.of("run", 1));
    writer.write(Checkpoints.of("run", 2));
    assertThat(store(step(1)).read()).isEqualTo(Checkpoints.of("run", 1));
    assertThat(store(step(1)).readUpscaler()).isEqualTo(Checkpoints.of("run", 1).upscaler());
    assertThatThrownBy(() -> store(step(3)).read()).isInstanceOf(NoCheckpointException.class);
    assertThatThrownBy(() -> store(step(1)).writer("run", Existing.RESUME, 3))
        .isInstanceOf(CheckpointPathNotEmptyException.class)
        .hasMessageContaining("directory of one checkpoint");
  }

  @Test
  void theNewestAreKept() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 2);
    for (int step = 1; step <= 5; step++) {
      writer.write(Checkpoints.of("run", step));
    }
    assertThat(names(path)).containsExactlyInAnyOrder("step-00000004", "step-00000005");
  }

  @Test
  void resumingKeepsWhatIsThereAndGoesOn() throws IOException {
    writer("first", Existing.REFUSE).write(Checkpoints.of("first", 1));
    CheckpointWriter resumed = store().writer("second", Existing.RESUME, 2);
    resumed.write(Checkpoints.of("second", 2));
    assertThat(names(path)).containsExactlyInAnyOrder("step-00000001", "step-00000002");
    resumed.write(Checkpoints.of("second", 3));
    assertThat(names(path)).containsExactlyInAnyOrder("step-00000002", "step-00000003");
  }

  @Test
  void aStepThatIsSavedAlreadyIsLeftAlone() throws IOException {
    writer("first", Existing.REFUSE).write(Checkpoints.of("first", 1));
    writer("second", Existing.RESUME).write(Checkpoints.of("second", 1));
    assertThat(store().read().state().runId()).isEqualTo("first");
  }

  @Test
  void aPathThatIsNotEmptyIsRefused() throws IOException {
    writer("first", Existing.REFUSE).write(Checkpoints.of("first", 1));
    assertThatThrownBy(() -> writer("second", Existing.REFUSE))
        .isInstanceOf(CheckpointPathNotEmptyException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining("step-00000001")
        .hasMessageContaining("--resume")
        .hasMessageContaining("--overwrite");
  }

  @Test
  void overwritingDeletesCheckpointsWholeOrNot() throws IOException {
    CheckpointWriter writer = writer("first", Existing.REFUSE);
    writer.write(Checkpoints.of("first", 1));
    writer.write(Checkpoints.of("first", 2));
    fileSystem.delete(new Path(step(1), "MANIFEST.json"), false);
    CheckpointWriter second = writer("second", Existing.OVERWRITE);
    assertThat(names(path)).isEmpty();
    second.write(Checkpoints.of("second", 1));
    assertThat(store().read()).isEqualTo(Checkpoints.of("second", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"notes.txt", "step-1", "step-00000001/notes.txt", "other/step-00000001"})
  void overwritingDeletesNothingWhereThereIsSomethingElse(String name) throws IOException {
    writer("first", Existing.REFUSE).write(Checkpoints.of("first", 1));
    put(new Path(path, name), new byte[] {1});
    assertThatThrownBy(() -> writer("second", Existing.OVERWRITE))
        .isInstanceOf(CheckpointPathNotEmptyException.class)
        .hasMessageContaining(
            name.split("/", -1)[name.startsWith("other") ? 0 : name.split("/", -1).length - 1])
        .hasMessageContaining("nothing was deleted");
    assertThat(store().read()).isEqualTo(Checkpoints.of("first", 1));
    assertThat(fileSystem.exists(new Path(path, name))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MANIFEST.json",
        "config.json",
        "model.safetensors",
        "optimizer.safetensors",
        "training.json"
      })
  void aDamagedCheckpointIsPassedOverAndSaidSo(String name) throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    writer.write(Checkpoints.of("run", 1));
    writer.write(Checkpoints.of("run", 2));
    Path file = new Path(step(2), name);
    byte[] whole = get(file);
    byte[] flipped = whole.clone();
    // A digest that flipped inside the manifest would be held against the file it belongs to.
    flipped[name.equals(Manifest.NAME) ? 0 : whole.length / 2] ^= 1;
    for (byte[] damaged : Arrays.asList(flipped, Arrays.copyOf(whole, 9), new byte[0], null)) {
      fileSystem.delete(file, false);
      if (damaged != null) {
        put(file, damaged);
      }
      warnings.clear();
      assertThat(store().read()).isEqualTo(Checkpoints.of("run", 1));
      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0)).contains("step-00000002").contains(name + ": ");
      assertThatThrownBy(() -> store(step(2)).read())
          .isInstanceOf(DamagedCheckpointException.class)
          .hasMessageContaining("step-00000002")
          .hasMessageContaining(name + ": ");
    }
    put(file, whole);
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 2));
  }

  @Test
  void damagedCheckpointsAloneAreNoFreshStart() throws IOException {
    writer("run", Existing.REFUSE).write(Checkpoints.of("run", 1));
    fileSystem.delete(new Path(step(1), "training.json"), false);
    assertThatThrownBy(() -> store().newest())
        .isInstanceOf(NoCheckpointException.class)
        .hasMessageContaining("none of the 1 checkpoints")
        .hasMessageContaining("training.json: is missing");
    assertThat(store().readUpscaler()).isEqualTo(Checkpoints.of("run", 1).upscaler());
  }

  @Test
  void aCheckpointUnderAnotherStepsNameIsDamaged() throws IOException {
    writer("run", Existing.REFUSE).write(Checkpoints.of("run", 1));
    for (FileStatus file : fileSystem.listStatus(step(1))) {
      put(new Path(step(8), file.getPath().getName()), get(file.getPath()));
    }
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 1));
    assertThat(warnings.get(0)).contains("step is 1, but the directory's name says 8");
  }

  @Test
  void aDamagedCheckpointIsReplacedWhenItsStepComesAgain() throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    writer.write(Checkpoints.of("run", 1));
    writer.write(Checkpoints.of("run", 2));
    fileSystem.delete(new Path(step(2), "model.safetensors"), false);
    CheckpointWriter resumed = writer("resumed", Existing.RESUME);
    resumed.write(Checkpoints.of("resumed", 2));
    warnings.clear();
    assertThat(store().read()).isEqualTo(Checkpoints.of("resumed", 2));
    assertThat(warnings).isEmpty();
  }

  @Test
  void remainsOfAnAbandonedWriteAreClearedInTime() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 5));
    put(new Path(step(3), "config.json"), new byte[] {1});
    put(new Path(step(9), "config.json"), new byte[] {1});
    put(new Path(step(4), "notes.txt"), new byte[] {1});
    writer.write(Checkpoints.of("run", 6));
    assertThat(names(path))
        .as("newer remains may be somebody's who is writing, notes are somebody's who wrote them")
        .containsExactlyInAnyOrder("step-00000004", "step-00000006", "step-00000009");
    writer.write(Checkpoints.of("run", 9));
    assertThat(names(path)).containsExactlyInAnyOrder("step-00000004", "step-00000009");
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 9));
  }

  @Test
  void aSecondJobIsRefusedBeforeTheFirstHasSavedAnything() throws IOException {
    CheckpointWriter first = writer("first", Existing.REFUSE);
    assertThatThrownBy(() -> store().requireEmpty())
        .isInstanceOf(CheckpointPathNotEmptyException.class);
    assertThatThrownBy(() -> writer("second", Existing.REFUSE))
        .isInstanceOf(CheckpointPathNotEmptyException.class)
        .hasMessageContaining("holds no checkpoint and was being written by run first")
        .hasMessageContaining("process " + ProcessHandle.current().pid());
    first.write(Checkpoints.of("first", 1));
    assertThat(store().read()).isEqualTo(Checkpoints.of("first", 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"RESUME", "OVERWRITE"})
  void whoeverTakesThePathOverStopsTheOneBefore(Existing existing) throws IOException {
    CheckpointWriter first = writer("first", Existing.REFUSE);
    first.write(Checkpoints.of("first", 1));
    CheckpointWriter second = writer("second", existing);
    assertThat(warnings).singleElement().asString().contains("run first", "it will stop");
    for (long step : new long[] {1, 2}) {
      assertThatThrownBy(() -> first.write(Checkpoints.of("first", step)))
          .isInstanceOf(ForeignCheckpointException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("run first")
          .hasMessageContaining("run second");
    }
    second.write(Checkpoints.of("second", 2));
    first.close();
    second.write(Checkpoints.of("second", 3));
    assertThat(store().read()).isEqualTo(Checkpoints.of("second", 3));
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSE", "RESUME"})
  void ofThoseThatBeginInTheSameMomentOneDoes(Existing existing) throws Exception {
    for (int round = 0; round < 10; round++) {
      Path contested = new Path(path, "round-" + round);
      int begun = Racing.race(2 + round % 2, contested, configuration(), existing, () -> {});
      if (existing == Existing.REFUSE) {
        assertThat(begun).isEqualTo(1);
      }
      assertThat(names(contested)).containsExactly("step-00000001");
    }
  }

  @Test
  void aProcessThatGoesOnWithTheSameRunIsAnotherWriter() throws IOException {
    CheckpointWriter first = writer("run", Existing.REFUSE);
    first.write(Checkpoints.of("run", 1));
    CheckpointWriter second = writer("run", Existing.RESUME);
    assertThatThrownBy(() -> first.write(Checkpoints.of("run", 2)))
        .isInstanceOf(ForeignCheckpointException.class);
    second.write(Checkpoints.of("run", 2));
  }

  @Test
  void aCheckpointThatComesFromElsewhereStopsTheWriter() throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    writer.write(Checkpoints.of("run", 1));
    Path elsewhere = new Path(path, "../elsewhere");
    HadoopCheckpointStore.at(elsewhere, configuration(), warnings::add)
        .writer("foreign", Existing.REFUSE, 1)
        .write(Checkpoints.of("foreign", 2));
    for (FileStatus file : fileSystem.listStatus(new Path(elsewhere, "step-00000002"))) {
      put(new Path(step(2), file.getPath().getName()), get(file.getPath()));
    }
    assertThatThrownBy(() -> writer.write(Checkpoints.of("run", 3)))
        .isInstanceOf(ForeignCheckpointException.class)
        .hasMessageContaining("step-00000002")
        .hasMessageContaining("run foreign");
    assertThat(store().read()).isEqualTo(Checkpoints.of("foreign", 2));
  }

  @Test
  void aWriterThatIsClosedLeavesNothingButCheckpoints() throws IOException {
    try (CheckpointWriter writer = writer("run", Existing.REFUSE)) {
      writer.write(Checkpoints.of("run", 1));
      assertThat(fileSystem.exists(new Path(path, Lease.NAME))).isTrue();
    }
    assertThat(fileSystem.exists(new Path(path, Lease.NAME))).isFalse();
    writer("second", Existing.RESUME);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aLeaseThatCannotBeReadIsSomebodyElses() throws IOException {
    CheckpointWriter writer = writer("run", Existing.REFUSE);
    fileSystem.delete(new Path(path, Lease.NAME), false);
    put(new Path(path, Lease.NAME), new byte[] {'{'});
    assertThatThrownBy(() -> writer.write(Checkpoints.of("run", 1)))
        .isInstanceOf(ForeignCheckpointException.class)
        .hasMessageContaining("run unknown");
    fileSystem.delete(new Path(path, Lease.NAME), false);
    assertThatThrownBy(() -> writer.write(Checkpoints.of("run", 1)))
        .isInstanceOf(ForeignCheckpointException.class)
        .hasMessageContaining("has deleted _writer.json");
    assertThat(store().newest()).isEmpty();
  }

  @Test
  void misuseIsRefused() {
    assertThatThrownBy(() -> store().writer("run", Existing.REFUSE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keep 0");
    assertThatThrownBy(() -> writer("a", Existing.REFUSE).write(Checkpoints.of("b", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run b");
  }

  @Test
  void nothingButStepDirectoriesIsRead() throws IOException {
    writer("run", Existing.REFUSE).write(Checkpoints.of("run", 1));
    for (String name :
        new String[] {"step-2", "step-000000000002", "step-0000000x", "Step-00000002"}) {
      for (String file : CheckpointFormat.FILES) {
        put(new Path(new Path(path, name), file), new byte[] {1});
      }
    }
    put(new Path(path, "step-00000003"), new byte[] {1});
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 1));
    assertThat(warnings).isEmpty();
  }

  private CheckpointStore store() throws IOException {
    return store(path);
  }

  private CheckpointStore store(Path at) throws IOException {
    return HadoopCheckpointStore.at(at, configuration(), warnings::add);
  }

  private CheckpointWriter writer(String runId, Existing existing) throws IOException {
    return store().writer(runId, existing, 3);
  }

  private Path step(long step) {
    return new Path(path, "step-%08d".formatted(step));
  }

  /** What a directory holds, beside the lease of a writer that was not closed. */
  private List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus status : StepDirectory.entries(fileSystem, directory)) {
      names.add(status.getPath().getName());
    }
    names.remove(Lease.NAME);
    return names;
  }

  private void put(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = fileSystem.create(file, true)) {
      out.write(bytes);
    }
  }

  private byte[] get(Path file) throws IOException {
    try (InputStream in = fileSystem.open(file)) {
      return in.readAllBytes();
    }
  }
}
