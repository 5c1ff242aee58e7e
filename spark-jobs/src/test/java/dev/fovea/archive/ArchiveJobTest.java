package dev.fovea.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.archive.ArchiveSettings.Animations;
import dev.fovea.archive.ArchiveSettings.Existing;
import dev.fovea.archive.ArchiveSettings.Mode;
import dev.fovea.archive.ArchiveSettings.Style;
import dev.fovea.archive.Outcome.Rejected;
import dev.fovea.averaging.LocalCluster;
import dev.fovea.console.Console;
import dev.fovea.console.Terminal;
import dev.fovea.encode.PngEncoder;
import dev.fovea.picture.ColourPolicy;
import dev.fovea.servers.Hdfs;
import dev.fovea.servers.S3;
import dev.fovea.store.LimitedOutput;
import dev.fovea.upscaling.Ensemble;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.TestModels;
import dev.fovea.upscaling.TestPictures;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job where outputs cannot be renamed or do not fit, and beside another of its kind. */
class ArchiveJobTest {
  private static final AtomicLong FREE = new AtomicLong();
  private static final ModelWeights MODEL = TestModels.weights(TestModels.small(2), 1);
  private static final int PICTURES = 12;

  private static JavaSparkContext spark;

  @TempDir java.nio.file.Path folder;

  @BeforeAll
  static void start() {
    spark = LocalCluster.threads(2);
    spark.hadoopConfiguration().setClass("fs.store.impl", Store.class, FileSystem.class);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void pictures() throws IOException {
    FREE.set(Long.MAX_VALUE);
    Files.createDirectories(folder.resolve("in/deep"));
    for (int i = 0; i < PICTURES; i++) {
      Files.write(
          folder.resolve("in/deep/%02d.png".formatted(i)),
          PngEncoder.encode(TestPictures.rgb(30 + i % 3, 20, i)));
    }
  }

  @Test
  void oneSlotIsOneTaskAndNoTaskHasMoreThanAMessageHolds() {
    assertThat(ArchiveJob.partitions(4, 1, true)).isEqualTo(1);
    assertThat(ArchiveJob.partitions(4, 1, false)).isEqualTo(4);
    assertThat(ArchiveJob.partitions(100, 2, true)).isEqualTo(16);
    assertThat(ArchiveJob.partitions(1024, 1, true)).isEqualTo(4);
    assertThat(ArchiveJob.partitions(256_000, 2, false)).isEqualTo(1000);
  }

  @Test
  void aStoreWithoutRenameIsEnough() throws IOException {
    run(folder.resolve("local").toString());

    ArchiveSummary first = run("store://" + folder.resolve("store"));
    ArchiveSummary second = run("store://" + folder.resolve("store"));

    assertThat(first.upscaled()).isEqualTo(PICTURES);
    assertThat(second.skipped()).isEqualTo(PICTURES);
    OutputFiles.assertSameBytes(folder.resolve("store"), folder.resolve("local"));
  }

  @Test
  void hdfsAndS3HoldWhatTheLocalDiskDoes() throws IOException {
    run(folder.resolve("local").toString());
    S3.configuration()
        .forEach(
            setting -> {
              if (setting.getKey().startsWith("fs.s3a.")) {
                spark.hadoopConfiguration().set(setting.getKey(), setting.getValue());
              }
            });
    spark.hadoopConfiguration().setInt("dfs.replication", 1);

    for (String uri : List.of(Hdfs.uri(), S3.uri())) {
      Path root = new Path(uri + "/" + folder.getFileName());
      assertThat(run(root.toString()).upscaled()).isEqualTo(PICTURES);
      assertSameBytes(root, OutputFiles.of(folder.resolve("local")));

      ArchiveSummary again = run(root.toString());

      assertThat(again.skipped()).isEqualTo(PICTURES);
      FileSystem files = root.getFileSystem(spark.hadoopConfiguration());
      Path unfinished = new Path(again.manifest(), "unfinished");
      assertThat(files.exists(unfinished)).isFalse();
    }
  }

  private static void assertSameBytes(Path root, Map<String, java.nio.file.Path> expected)
      throws IOException {
    FileSystem files = root.getFileSystem(spark.hadoopConfiguration());
    RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
    int pictures = 0;
    while (found.hasNext()) {
      Path file = found.next().getPath();
      String name = root.toUri().relativize(file.toUri()).getPath();
      if (!name.startsWith("_fovea")) {
        pictures++;
        try (InputStream in = files.open(file)) {
          assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(expected.get(name)));
        }
      }
    }
    assertThat(pictures).isEqualTo(expected.size());
  }

  @Test
  void whatDoesNotFitIsRejectedAndDoneByTheNextRun() throws IOException {
    run(folder.resolve("local").toString());
    FREE.set(30_000);

    ArchiveSummary crowded = run("store://" + folder.resolve("store"));

    assertThat(crowded.rejected()).isBetween(1L, PICTURES - 1L);
    assertThat(OutputFiles.of(folder.resolve("store"))).hasSize((int) crowded.upscaled());
    assertThat(OutputFiles.manifest(folder.resolve("store")))
        .hasSize(PICTURES)
        .filteredOn(outcome -> outcome instanceof Rejected)
        .allMatch(
            outcome ->
                ((Rejected) outcome)
                    .reason()
                    .matches("its output deep/.*png cannot be written: No space left on device"));
    FREE.set(Long.MAX_VALUE);
    ArchiveSummary then = run("store://" + folder.resolve("store"));
    assertThat(then.upscaled()).isEqualTo(crowded.rejected());
    OutputFiles.assertSameBytes(folder.resolve("store"), folder.resolve("local"));
  }

  @Test
  void twoJobsAtOnceLeaveWhatOneWouldHaveLeft() throws Exception {
    run(folder.resolve("one").toString());
    String both = folder.resolve("both").toString();
    ExecutorService jobs = Executors.newFixedThreadPool(2);
    try {
      Future<ArchiveSummary> first = jobs.submit(() -> run(both));
      Future<ArchiveSummary> second = jobs.submit(() -> run(both));
      assertThat(first.get().rejected() + second.get().rejected()).isZero();
      assertThat(first.get().run()).isNotEqualTo(second.get().run());
    } finally {
      jobs.shutdownNow();
    }

    OutputFiles.assertSameBytes(folder.resolve("both"), folder.resolve("one"));
    assertThat(run(both).skipped()).isEqualTo(PICTURES);
  }

  private ArchiveSummary run(String output) throws IOException {
    ArchiveSettings settings =
        new ArchiveSettings(
            List.of(folder.resolve("in").toString()),
            Optional.empty(),
            output,
            ArchiveSettings.DEFAULT_NAME,
            new Style(
                OutputFormat.DEFAULT, ColourPolicy.KEEP, Animations.FIRST_FRAME, Ensemble.NONE),
            TestModels.ENGINE,
            100,
            Existing.KEEP,
            Mode.UPSCALE);
    Console silent =
        new Console(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            Terminal.NONE);
    Configuration hadoop = spark.hadoopConfiguration();
    return new ArchiveJob(hadoop, settings, MODEL, silent).run(spark);
  }

  /** The local disk as an object store: without rename, and with so much room for pictures. */
  public static final class Store extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "store";
    }

    @Override
    public URI getUri() {
      return URI.create("store:///");
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      FSDataOutputStream out =
          super.create(path, overwrite, bufferSize, replication, blockSize, progress);
      return path.toString().contains("_fovea")
          ? out
          : new FSDataOutputStream(new LimitedOutput(out, FREE), null);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) {
      return false;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      throw new IOException("rename of " + from);
    }
  }
}
