package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who begins where nothing is created atomically, with requests in any order. */
@Timeout(120)
class RacingWritersTest {
  private TurnsFileSystem store;

  @BeforeEach
  void mount() throws IOException {
    store = (TurnsFileSystem) FileSystem.get(new Path("turns:/").toUri(), configuration());
  }

  @ParameterizedTest
  @EnumSource(Existing.class)
  void inAnyOrderOfRequestsOneOfThemBegins(Existing existing) throws Exception {
    for (int seed = 0; seed < 60; seed++) {
      int writers = 2 + seed % 3;
      Path path = new Path("turns:/" + existing + seed);
      store.begin(writers, seed);
      int begun = Racing.race(writers, path, configuration(), existing, store::leave);
      if (existing == Existing.REFUSE) {
        assertThat(begun).as("seed %d", seed).isEqualTo(1);
      }
      assertThat(store.listStatus(path))
          .extracting(entry -> entry.getPath().getName())
          .containsExactly("step-00000001");
    }
  }

  @Test
  void noTwoHoldAClaimAtOnceAndEachGetsOne() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger held = new AtomicInteger();
    int threads = 4;
    for (int seed = 0; seed < 30; seed++) {
      Path path = new Path("turns:/claims" + seed);
      store.begin(threads, seed);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int number = 0; number < threads; number++) {
        tasks.add(
            () -> {
              try (Claim claim = Claim.await(store, path, Lease.Holder.self("run"))) {
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                assertThat(claim).isNotNull();
                store.listStatus(path);
                inside.decrementAndGet();
                held.incrementAndGet();
              } finally {
                store.leave();
              }
              return null;
            });
      }
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      for (Future<Void> each : pool.invokeAll(tasks)) {
        each.get();
      }
      pool.shutdown();
    }
    assertThat(held).hasValue(30 * threads);
  }

  @ParameterizedTest
  @EnumSource(Remains.class)
  void aClaimOfAProcessThatDiedIsPassedAfterAWhile(Remains remains) throws IOException {
    Path path = new Path("turns:/dead-" + remains);
    Path dead = new Path(path, "_claim-" + remains.id);
    try (OutputStream out = store.create(dead)) {
      out.write(1);
    }
    try (Claim claim = Claim.await(store, path, Lease.Holder.self("run"), Duration.ofMillis(200))) {
      assertThat(claim).isNotNull();
      assertThat(store.exists(dead)).isFalse();
    }
    assertThat(store.exists(path)).isFalse();
  }

  /** Before all others in the order of names, and behind them. */
  enum Remains {
    FIRST("00000000-dead"),
    LAST("zzzzzzzz-dead");

    private final String id;

    Remains(String id) {
      this.id = id;
    }
  }

  private static org.apache.hadoop.conf.Configuration configuration() {
    return TurnsFileSystem.configuration();
  }
}
