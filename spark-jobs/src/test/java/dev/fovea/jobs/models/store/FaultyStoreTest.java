package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.models.store.FaultyFileSystem.Fault;
import dev.fovea.jobs.models.store.FaultyFileSystem.Faults;
import dev.fovea.jobs.models.store.FaultyFileSystem.Operation;
import dev.fovea.model.checkpoint.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that fails at any operation, in any way, costs at most the newest checkpoint. */
class FaultyStoreTest {
  private final Configuration configuration = FaultyFileSystem.configuration();
  private final List<String> warnings = new ArrayList<>();

  @TempDir private java.nio.file.Path directory;

  private Path path;
  private FaultyFileSystem faulty;

  @BeforeEach
  void mount() throws IOException {
    path = new Path("faulty://" + directory.resolve("checkpoints").toUri().getPath());
    faulty = (FaultyFileSystem) path.getFileSystem(configuration);
    faulty.inject(Faults.NONE);
    faulty.thawListings();
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void anyOperationThatFailsLeavesWhatWasThereOrWhatIsNew(Fault fault) throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 1));
    long step = 1;
    int failures = 0;
    AtomicBoolean hit = new AtomicBoolean(true);
    for (int nth = 0; hit.get(); nth++) {
      hit.set(false);
      faulty.inject(nth(nth, fault, hit));
      Optional<IOException> failure = write(writer, step + 1);
      faulty.inject(Faults.NONE);

      long found = store().read().state().step();
      if (failure.isEmpty()) {
        assertThat(found).as("%s at operation %d", fault, nth).isEqualTo(step + 1);
      } else {
        failures++;
        assertThat(failure.get()).hasMessageContaining("step-%08d".formatted(step + 1));
        assertThat(found).as("%s at operation %d: %s", fault, nth, failure).isEqualTo(step);
        assertThat(write(writer, step + 1)).isEmpty();
      }
      step++;
    }
    assertThat(failures).isGreaterThan(3);
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void fromAnyOperationOnNothingWorksAnyMore(Fault fault) throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 2);
    writer.write(Checkpoints.of("run", 1));
    long newest = 1;
    int unknown = 0;
    AtomicBoolean hit = new AtomicBoolean(true);
    for (int nth = 0; hit.get(); nth++) {
      hit.set(false);
      faulty.inject(from(nth, fault, hit));
      long step = newest + 1;
      Optional<IOException> failure = write(writer, step);
      faulty.inject(Faults.NONE);

      long found = store().read().state().step();
      assertThat(found).as("%s from operation %d", fault, nth).isBetween(newest, step);
      if (failure.isPresent() && found == step) {
        unknown++;
        assertThat(failure.get())
            .isInstanceOf(UnknownOutcomeException.class)
            .hasMessageContaining("it is not known whether checkpoint")
            .hasMessageContaining("--resume");
      }
      // A run that is started again takes the path over and goes on from what is there.
      writer = store().writer("run", Existing.RESUME, 2);
      assertThat(write(writer, step)).isEmpty();
      assertThat(store().read().state().step()).isEqualTo(step);
      newest = step;
    }
    if (fault == Fault.FAILS_AFTERWARDS) {
      assertThat(unknown).as("outcomes that nobody knew").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aBeginningThatFailsLosesNothingAndTheNextOneSucceeds(Fault fault) throws IOException {
    store().writer("run", Existing.REFUSE, 2).write(Checkpoints.of("run", 1));
    int failures = 0;
    AtomicBoolean hit = new AtomicBoolean(true);
    for (int nth = 0; hit.get(); nth++) {
      hit.set(false);
      faulty.inject(nth(nth, fault, hit));
      try {
        store().writer("failing", Existing.RESUME, 2).close();
      } catch (IOException e) {
        failures++;
        assertThat(e).as("%s at operation %d", fault, nth).hasMessageContaining("check");
      }
      faulty.inject(Faults.NONE);
      for (FileStatus left : faulty.listStatus(path)) {
        if (Claim.isOne(left.getPath())) {
          faulty.delete(left.getPath(), false); // what would be waited for for a minute
        }
      }
      assertThat(store().read()).isEqualTo(Checkpoints.of("run", 1));
      store().writer("next", Existing.RESUME, 2).close();
    }
    assertThat(failures).as("beginnings that failed").isGreaterThan(3);
  }

  @Test
  void aStoreThatDoesNotListWhatWasWrittenIsNotWaitedForForEver() throws IOException {
    faulty.mkdirs(path);
    faulty.freezeListings();
    faulty.listStatus(path);
    assertThatThrownBy(
            () -> Claim.await(faulty, path, Lease.Holder.self("run"), Duration.ofMillis(100)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has not been listed since");
  }

  @Test
  void aReaderFindsTheOldOrTheNewOneAtAnyMomentOfASlowWrite() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 1));
    List<Long> seen = new ArrayList<>();
    faulty.inject(
        new Faults() {
          @Override
          public Fault of(Operation operation, Path file) {
            // The writer waits here for as long as the reader takes.
            faulty.inject(NONE);
            try {
              seen.add(store().read().state().step());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            faulty.inject(this);
            return Fault.NONE;
          }
        });
    writer.write(Checkpoints.of("run", 2));
    faulty.inject(Faults.NONE);
    assertThat(seen).hasSizeGreaterThan(20);
    assertThat(seen).isSorted().startsWith(1L).endsWith(2L).containsOnly(1L, 2L);
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 2));
  }

  @Test
  void staleListingsLoseNothing() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 2);
    for (int step = 1; step <= 2; step++) {
      writer.write(Checkpoints.of("run", step));
    }
    faulty.freezeListings();
    for (int step = 3; step <= 6; step++) {
      writer.write(Checkpoints.of("run", step));
      assertThat(store(new Path(path, "step-%08d".formatted(step))).read().state().step())
          .isEqualTo(step);
    }
    assertThat(store().read().state().step()).as("the newest that is listed").isEqualTo(2);
    faulty.thawListings();
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 6));
    writer.write(Checkpoints.of("run", 7));
    assertThat(faulty.listStatus(path)).hasSize(3);
    faulty.listStatus(path);
    faulty.freezeListings();
    store().newest();
    faulty.delete(new Path(path, "step-00000006"), true);
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 7));
    faulty.delete(new Path(path, "step-00000007"), true);
    assertThat(store().newest()).as("deleted, and still listed").isEmpty();
  }

  @Test
  void aWriterWhoseOutcomeWasUnknownGoesOnWithWhatItFinds() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 3);
    writer.write(Checkpoints.of("run", 1));
    AtomicBoolean broken = new AtomicBoolean();
    faulty.inject(
        (operation, file) -> {
          if (operation == Operation.CLOSE && file.getName().equals(Manifest.NAME)) {
            broken.set(true);
            return Fault.FAILS_AFTERWARDS;
          }
          return broken.get() ? Fault.FAILS : Fault.NONE;
        });
    assertThatThrownBy(() -> writer.write(Checkpoints.of("run", 2)))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("step-00000002")
        .hasMessageContaining("CLOSE of MANIFEST.json")
        .hasMessageContaining("run again with --resume");
    faulty.inject(Faults.NONE);
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 2));
    writer.write(Checkpoints.of("run", 3));
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 3));
  }

  @Test
  void anOldCheckpointThatCannotBeDeletedIsSaidAndTriedAgain() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 1));
    faulty.inject(
        (operation, file) ->
            operation == Operation.DELETE && file.toString().contains("step-00000001")
                ? Fault.FAILS
                : Fault.NONE);
    writer.write(Checkpoints.of("run", 2));
    assertThat(warnings).singleElement().asString().contains("are not deleted", "DELETE of");
    faulty.inject(Faults.NONE);
    writer.write(Checkpoints.of("run", 3));
    assertThat(store().read()).isEqualTo(Checkpoints.of("run", 3));
    assertThat(faulty.exists(new Path(path, "step-00000001"))).isFalse();
    assertThat(faulty.exists(new Path(path, "step-00000002"))).isFalse();
  }

  @Test
  void nothingOldIsDeletedBeforeTheNewOneWasReadBack() throws IOException {
    CheckpointWriter writer = store().writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 1));
    List<String> log = new ArrayList<>();
    faulty.inject(
        (operation, file) -> {
          log.add(operation + " " + file.getParent().getName() + "/" + file.getName());
          return Fault.NONE;
        });
    writer.write(Checkpoints.of("run", 2));
    int readBack = log.lastIndexOf("OPEN step-00000002/training.json");
    int deleted = log.indexOf("DELETE step-00000001/MANIFEST.json");
    assertThat(log.lastIndexOf("CLOSE step-00000002/MANIFEST.json")).isLessThan(readBack);
    assertThat(readBack).isPositive().isLessThan(deleted);
  }

  /** A process that was stopped between its look at the lease and its manifest, and woke up. */
  @Test
  void whatADriverBackFromTheDeadCompletesIsWithdrawn() throws IOException {
    CheckpointWriter dead = store().writer("run", Existing.REFUSE, 3);
    dead.write(Checkpoints.of("run", 1));
    List<CheckpointWriter> living = new ArrayList<>();
    faulty.inject(
        (operation, file) -> {
          if (operation == Operation.CREATE && file.getName().equals(Manifest.NAME)) {
            faulty.inject(Faults.NONE);
            try {
              living.add(store().writer("living", Existing.RESUME, 3));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          return Fault.NONE;
        });
    assertThatThrownBy(() -> dead.write(Checkpoints.of("run", 2)))
        .isInstanceOf(ForeignCheckpointException.class)
        .hasMessageContaining("taken over by run living");
    assertThat(store().read().state().step()).isEqualTo(1);
    living.get(0).write(Checkpoints.of("living", 2));
    assertThat(store().read()).isEqualTo(Checkpoints.of("living", 2));
    assertThatThrownBy(() -> dead.write(Checkpoints.of("run", 3)))
        .isInstanceOf(ForeignCheckpointException.class);
  }

  /** What it trips over is often what the other does: it had cleared the files away. */
  @Test
  void whoFailsAfterThePathWasTakenOverTouchesNothingOfTheOthers() throws IOException {
    CheckpointWriter dead = store().writer("run", Existing.REFUSE, 3);
    dead.write(Checkpoints.of("run", 1));
    faulty.inject(
        (operation, file) -> {
          if (operation == Operation.CREATE && file.getName().equals("training.json")) {
            faulty.inject(Faults.NONE);
            try {
              store().writer("living", Existing.RESUME, 3).write(Checkpoints.of("living", 2));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return Fault.FAILS;
          }
          return Fault.NONE;
        });
    assertThatThrownBy(() -> dead.write(Checkpoints.of("run", 2)))
        .isInstanceOf(ForeignCheckpointException.class)
        .hasMessageContaining("taken over by run living");
    assertThat(store().read()).isEqualTo(Checkpoints.of("living", 2));
  }

  private CheckpointStore store() throws IOException {
    return store(path);
  }

  private CheckpointStore store(Path at) throws IOException {
    return HadoopCheckpointStore.at(at, configuration, warnings::add);
  }

  private static Optional<IOException> write(CheckpointWriter writer, long step) {
    try {
      writer.write(Checkpoints.of("run", step));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private static Faults nth(int nth, Fault fault, AtomicBoolean hit) {
    AtomicInteger count = new AtomicInteger();
    return (operation, file) -> {
      boolean now = count.getAndIncrement() == nth;
      hit.compareAndSet(false, now);
      return now ? fault : Fault.NONE;
    };
  }

  private static Faults from(int nth, Fault fault, AtomicBoolean hit) {
    AtomicInteger count = new AtomicInteger();
    return (operation, file) -> {
      int at = count.getAndIncrement();
      hit.compareAndSet(false, at >= nth);
      return at < nth ? Fault.NONE : at == nth ? fault : Fault.FAILS;
    };
  }
}
