package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.prepare.PreparedPicture.Kept;
import dev.fovea.jobs.data.prepare.PreparedPicture.Rejected;
import dev.fovea.jobs.data.prepare.PreparedPicture.Storage;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.data.shard.ShardWriter;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.pictures.fingerprint.Fingerprint;
import dev.fovea.pictures.fingerprint.Fingerprints;
import dev.fovea.pictures.picture.Limits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/**
 * Makes one shard of one chunk, in a Spark task.
 *
 * <p>The task's cores decode ahead of the writer, which takes the pictures in order.
 */
final class ChunkTask implements Function<Chunk, ChunkReport> {
  private static final long serialVersionUID = 1;

  private final ShippedConfiguration configuration;
  private final String outputPath;
  private final Limits limits;
  private final int subImageSize;
  private final FilesDone filesDone;
  private final PrepareCounters counters;

  ChunkTask(
      Configuration configuration,
      Path output,
      PrepareSettings settings,
      FilesDone filesDone,
      PrepareCounters counters) {
    this.configuration = new ShippedConfiguration(configuration);
    this.outputPath = output.toString();
    this.limits = settings.limits();
    this.subImageSize = settings.subImageSize().orElse(0);
    this.filesDone = filesDone;
    this.counters = counters;
  }

  @Override
  public ChunkReport call(Chunk chunk) throws Exception {
    ChunkReport report = run(chunk, TaskContext.get().cpus());
    counters.count(report);
    return report;
  }

  private ChunkReport run(Chunk chunk, int threads) throws IOException, InterruptedException {
    OptionalInt size = subImageSize > 0 ? OptionalInt.of(subImageSize) : OptionalInt.empty();
    PicturePreparer preparer = new PicturePreparer(configuration.value(), limits, size);
    Path shard = new ShardFolder(configuration.value(), new Path(outputPath)).shard(chunk.number());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (Collector collector = new Collector(configuration.value(), shard)) {
      Deque<Future<PreparedPicture>> ahead = new ArrayDeque<>();
      Iterator<InputFile> files = chunk.files().iterator();
      while (files.hasNext() || !ahead.isEmpty()) {
        while (files.hasNext() && ahead.size() < 2 * threads) {
          InputFile file = files.next();
          ahead.add(pool.submit(() -> preparer.prepare(file)));
        }
        collector.add(result(ahead.remove()));
        filesDone.countOne();
      }
      return collector.finish();
    } finally {
      pool.shutdownNow();
    }
  }

  private static PreparedPicture result(Future<PreparedPicture> picture)
      throws IOException, InterruptedException {
    try {
      return picture.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("a picture could not be prepared: " + e.getCause(), e);
    }
  }

  /** Writes what is kept and counts. A chunk of nothing but rejected files leaves no shard. */
  private static final class Collector implements AutoCloseable {
    private final Configuration configuration;
    private final Path shard;
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Fingerprint> fingerprints = new ArrayList<>();
    private ShardWriter writer;
    private long kept;
    private long keptPixels;
    private long reencoded;

    Collector(Configuration configuration, Path shard) {
      this.configuration = configuration;
      this.shard = shard;
    }

    void add(PreparedPicture picture) throws IOException {
      if (picture instanceof Rejected refused) {
        rejected.add(refused.rejection());
      } else if (picture instanceof Kept taken) {
        if (writer == null) {
          writer = new ShardWriter(configuration, shard);
        }
        for (ShardRow row : taken.rows()) {
          writer.write(row);
        }
        fingerprints.addAll(taken.fingerprints());
        kept++;
        keptPixels += taken.pixels();
        reencoded += taken.storage() == Storage.REENCODED ? 1 : 0;
      }
    }

    ChunkReport finish() throws IOException {
      List<ShardManifest.Shard> shards = writer == null ? List.of() : List.of(writer.finish());
      return new ChunkReport(
          kept, keptPixels, reencoded, rejected, shards, new Fingerprints(fingerprints).format());
    }

    @Override
    public void close() throws IOException {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
