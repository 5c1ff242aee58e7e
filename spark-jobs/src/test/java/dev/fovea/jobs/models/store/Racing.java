package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writers that begin in the same moment. */
final class Racing {
  private Racing() {}

  /**
   * Lets several begin at once, and makes sure that one of them may write in the end.
   *
   * @return how many were told that they may begin
   */
  static int race(
      int writers, Path path, Configuration configuration, Existing existing, Runnable ended)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(writers);
    List<Callable<CheckpointWriter>> tasks = new ArrayList<>();
    for (int number = 0; number < writers; number++) {
      String run = "run-" + number;
      tasks.add(
          () -> {
            CheckpointStore store = HadoopCheckpointStore.at(path, configuration, warning -> {});
            start.await(1, TimeUnit.MINUTES);
            try {
              return store.writer(run, existing, 3);
            } finally {
              ended.run();
            }
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<CheckpointWriter> begun = new ArrayList<>();
    int able = 0;
    try {
      List<Future<CheckpointWriter>> outcomes = threads.invokeAll(tasks);
      for (int number = 0; number < writers; number++) {
        try {
          CheckpointWriter writer = outcomes.get(number).get();
          begun.add(writer);
          able += mayWrite(writer, "run-" + number) ? 1 : 0;
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .isInstanceOfAny(
                  CheckpointPathNotEmptyException.class, ForeignCheckpointException.class)
              .hasMessageContaining(path.toString())
              .hasMessageContaining("run run-");
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(able).as("writers of %d that may write", writers).isEqualTo(1);
    for (CheckpointWriter writer : begun) {
      writer.close();
    }
    return begun.size();
  }

  private static boolean mayWrite(CheckpointWriter writer, String run) throws IOException {
    try {
      writer.write(Checkpoints.of(run, 1));
      return true;
    } catch (ForeignCheckpointException e) {
      return false;
    }
  }
}
