package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRunTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker has trained lies on its executor until it is averaged. Where the executor dies
 * before, that worker's part is trained again, and no other.
 */
@Timeout(300)
class LostOutputTest {
  private static final List<StepPlan> STEPS = NumberedSource.steps(8, 4, 1, 4);

  /** The first worker's first picture, and the second's. */
  private static final int FIRST = 0;

  private static final int SECOND = 16;

  @TempDir Path folder;

  /** Leaves a file for every attempt; the second worker waits until the others are released. */
  private record TellingSource(String folder) implements BatchSource {
    static Path released(Path folder) {
      return folder.resolve("released");
    }

    static List<Path> attempts(Path folder, int first) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(each -> each.getFileName().toString().startsWith("from-%d-".formatted(first)))
            .toList();
      }
    }

    @Override
    public BatchStream open(List<String> contents) {
      int first = Integer.parseInt(contents.get(0).split("\\.", -1)[0]);
      BatchStream sound = NumberedSource.sound().open(contents);
      return new BatchStream() {
        private boolean told;

        @Override
        public Batch next() throws IOException, InterruptedException {
          if (!told) {
            told = true;
            Files.createTempFile(
                Path.of(folder),
                "from-%d-".formatted(first),
                "-by-%d".formatted(ProcessHandle.current().pid()));
            if (first == SECOND) {
              await(released(Path.of(folder)));
            }
          }
          return sound.next();
        }

        @Override
        public void close() {
          sound.close();
        }
      };
    }

    private static void await(Path file) throws IOException, InterruptedException {
      try (WatchService watch = file.getFileSystem().newWatchService()) {
        file.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        while (!Files.exists(file)) {
          watch.take().reset();
        }
      }
    }
  }

  @Test
  void onlyThePartOfTheLostExecutorIsTrainedAgainAndTheBitsAreTheSame() throws IOException {
    Outcome undisturbed;
    try (JavaSparkContext spark = LocalCluster.threads(2)) {
      undisturbed = train(spark, NumberedSource.sound());
    }
    CountDownLatch firstEnded = new CountDownLatch(1);
    try (JavaSparkContext spark = LocalCluster.executors(2)) {
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  if (end.reason() == Success$.MODULE$ && firstEnded.getCount() > 0) {
                    killWhoTrained(FIRST);
                    firstEnded.countDown();
                  }
                }

                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                  try {
                    Files.createFile(TellingSource.released(folder));
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                }
              });

      Outcome outcome = train(spark, new TellingSource(folder.toString()));

      assertThat(TellingSource.attempts(folder, FIRST)).hasSize(2);
      assertThat(TellingSource.attempts(folder, SECOND)).hasSize(1);
      assertThat(outcome.parameters()).isEqualTo(undisturbed.parameters());
      assertThat(outcome.updaterState()).isEqualTo(undisturbed.updaterState());
      assertThat(outcome.figures()).isEqualTo(undisturbed.figures());
    }
  }

  private void killWhoTrained(int first) {
    try {
      String name = TellingSource.attempts(folder, first).get(0).getFileName().toString();
      long process = Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
      ProcessHandle.of(process).orElseThrow().destroyForcibly();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outcome train(JavaSparkContext spark, BatchSource source) {
    return AveragingRunTest.train(
        spark, DenseEngine.network(), AveragingRunTest.SETTINGS, source, STEPS, 2, STEPS.size());
  }
}
