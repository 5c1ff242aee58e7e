package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.upscaling.archive.ArchivePipeline.Networks;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * Upscales some chunks, in a Spark task. Each chunk's outcomes are written to the manifest as soon
 * as it is done, so that a task that is tried again, because its executor died, leaves out what
 * was.
 */
final class ArchiveTask implements FlatMapFunction<Iterator<ArchiveChunk>, ChunkSummary> {
  private static final long serialVersionUID = 1;

  /** Pictures begun before the oldest of them is done. */
  private static final int MOST_AHEAD = 128;

  private final ShippedConfiguration configuration;
  private final TaskSetup setup;
  private final Broadcast<ModelWeights> model;
  private final ArchiveCounters counters;

  ArchiveTask(
      Configuration configuration,
      TaskSetup setup,
      Broadcast<ModelWeights> model,
      ArchiveCounters counters) {
    this.configuration = new ShippedConfiguration(configuration);
    this.setup = setup;
    this.model = model;
    this.counters = counters;
  }

  @Override
  public Iterator<ChunkSummary> call(Iterator<ArchiveChunk> chunks) throws Exception {
    ArchiveNotes notes = new ArchiveNotes(configuration.value(), new Path(setup.output()));
    List<ChunkSummary> summaries = new ArrayList<>();
    List<ArchiveChunk> left = new ArrayList<>();
    while (chunks.hasNext()) {
      ArchiveChunk chunk = chunks.next();
      Optional<List<String>> done =
          notes.part(setup.run(), ArchiveNotes.partName(chunk.number()), chunk.items().size());
      if (done.isPresent()) {
        List<Outcome> outcomes =
            done.get().stream().map(line -> ArchiveJson.read(line, Outcome.class)).toList();
        outcomes.forEach(counters::count);
        summaries.add(ChunkSummary.of(chunk.number(), outcomes));
      } else {
        left.add(chunk);
      }
    }
    if (!left.isEmpty()) {
      Networks networks = Networks.onePerCore(TaskContext.get().cpus());
      OutputTree tree =
          OutputTree.ofRun(configuration.value(), new Path(setup.output()), setup.run());
      ArchivePipeline pipeline =
          new ArchivePipeline(setup, tree, model.value(), configuration.value(), networks);
      try (pipeline) {
        new Progression(notes, summaries, new OutputClaims(setup, tree, notes)).run(left, pipeline);
      }
      counters.deviceBusy(pipeline.deviceNanos());
    }
    return summaries.iterator();
  }

  private record Begun(ArchiveChunk chunk, boolean last, Future<Outcome> outcome) {}

  private final class Progression {
    private final ArchiveNotes notes;
    private final List<ChunkSummary> summaries;
    private final OutputClaims claims;
    private final Deque<Begun> begun = new ArrayDeque<>();
    private List<Outcome> outcomes = new ArrayList<>();

    Progression(ArchiveNotes notes, List<ChunkSummary> summaries, OutputClaims claims) {
      this.notes = notes;
      this.summaries = summaries;
      this.claims = claims;
    }

    void run(List<ArchiveChunk> chunks, ArchivePipeline pipeline)
        throws IOException, InterruptedException, ExecutionException {
      for (ArchiveChunk chunk : chunks) {
        int last = chunk.items().size() - 1;
        Set<String> foreign = claims.begin(chunk);
        for (int i = 0; i <= last; i++) {
          if (begun.size() == MOST_AHEAD) {
            settle();
          }
          ArchiveItem item = chunk.items().get(i);
          begun.add(
              new Begun(
                  chunk,
                  i == last,
                  foreign.contains(item.output())
                      ? CompletableFuture.completedFuture(OutputClaims.refused(item))
                      : pipeline.submit(item)));
        }
      }
      while (!begun.isEmpty()) {
        settle();
      }
    }

    private void settle() throws IOException, InterruptedException, ExecutionException {
      Begun oldest = begun.remove();
      Outcome outcome = oldest.outcome.get();
      counters.count(outcome);
      outcomes.add(outcome);
      if (oldest.last) {
        int number = oldest.chunk.number();
        notes.writePart(
            setup.run(),
            ArchiveNotes.partName(number),
            outcomes.stream().map(ArchiveJson::line).toList());
        summaries.add(ChunkSummary.of(number, outcomes));
        outcomes = new ArrayList<>();
      }
    }
  }
}
