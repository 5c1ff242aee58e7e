package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.models.store.LimitedOutput;
import dev.fovea.jobs.models.store.LocalStore;
import dev.fovea.jobs.servers.Hdfs;
import dev.fovea.jobs.servers.S3;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job where inputs cannot be read and outputs cannot be renamed or do not fit, and beside
 * another of its kind; and what Spark's pages say of it.
 */
class ArchiveJobTest {
  private static final AtomicLong FREE = new AtomicLong();
  private static final Set<String> UNREADABLE = ConcurrentHashMap.newKeySet();
  private static final ModelWeights MODEL = TestModels.weights(TestModels.small(2), 1);
  private static final int PICTURES = 12;

  private static JavaSparkContext spark;

  @TempDir java.nio.file.Path folder;

  @BeforeAll
  static void start() {
    spark =
        LocalCluster.threads(
            2,
            Map.of(
                "spark.ui.enabled", "true",
                "spark.ui.port", "0",
                "spark.metrics.namespace", "test"));
    spark.hadoopConfiguration().setClass("fs.store.impl", Store.class, FileSystem.class);
    spark.hadoopConfiguration().setClass("fs.blind.impl", BlindStore.class, FileSystem.class);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void pictures() throws IOException {
    FREE.set(Long.MAX_VALUE);
    UNREADABLE.clear();
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
  void namesThatDifferInCaseAreOneFileWhereTheDiskCannotTellThemApart() throws IOException {
    byte[] picture = Files.readAllBytes(folder.resolve("in/deep/00.png"));
    Files.write(folder.resolve("in/deep/Ä.png"), picture);
    Files.write(folder.resolve("in/deep/ä.png"), picture);

    ArchiveSummary card = run("blind://" + folder.resolve("card"));
    ArchiveSummary disk = run(folder.resolve("disk").toString());

    assertThat(card.upscaled()).isEqualTo(PICTURES + 1);
    assertThat(card.rejected()).isEqualTo(1);
    assertThat(rejected(folder.resolve("card")).values())
        .singleElement()
        .asString()
        .contains("its output deep/ä.png", "does not tell names by their case", "--output-name");
    assertThat(disk.upscaled()).isEqualTo(PICTURES + 2);
    assertThat(folder.resolve("card")).isDirectoryNotContaining("glob:**trial**");
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
  void whatCannotBeReadIsRejectedAndDoneByTheNextRun() throws IOException {
    Files.createDirectories(folder.resolve("in/locked"));
    Files.copy(folder.resolve("in/deep/00.png"), folder.resolve("in/locked/a.png"));
    Files.copy(folder.resolve("in/deep/00.png"), folder.resolve("in/z.png"));
    String input = "store://" + folder.resolve("in");
    UNREADABLE.addAll(List.of("locked", "02.png", "03.png"));

    ArchiveSummary first = run(folder.resolve("out").toString(), input);

    assertThat(first.upscaled()).isEqualTo(PICTURES - 2 + 1);
    assertThat(rejected(folder.resolve("out")))
        .containsOnlyKeys("02.png", "03.png", "locked")
        .containsEntry("02.png", "it cannot be read: the disk of 02.png is gone")
        .containsEntry("locked", "cannot be listed: Permission denied: locked");

    UNREADABLE.clear();
    ArchiveSummary then = run(folder.resolve("out").toString(), input);
    assertThat(then.upscaled()).isEqualTo(3);
    assertThat(then.skipped()).isEqualTo(first.upscaled());
    assertThat(then.rejected()).isZero();
  }

  @Test
  void sparksPagesAndMetricsSayWhatTheSummarySays() throws Exception {
    Map<String, Long> before = metrics();
    Files.writeString(folder.resolve("in/a.txt"), "no picture");
    Files.createSymbolicLink(folder.resolve("in/zero.png"), java.nio.file.Path.of("/dev/zero"));

    ArchiveSummary first = run(folder.resolve("out").toString());
    ArchiveSummary second = run(folder.resolve("out").toString());

    assertThat(first.rejected()).isEqualTo(2);
    Map<String, Long> now = metrics();
    Map<String, Long> counted = new HashMap<>();
    now.forEach((name, value) -> counted.put(name, value - before.getOrDefault(name, 0L)));
    String prefix = "test.driver.fovea.upscale.";
    assertThat(counted)
        .containsEntry(prefix + "pictures", 2L * (PICTURES + 2))
        .containsEntry(prefix + "pictures_upscaled", first.upscaled())
        .containsEntry(prefix + "pictures_skipped", second.skipped())
        .containsEntry(prefix + "pictures_rejected", 4L)
        .containsEntry(prefix + "pixels", PICTURES * 31 * 20L)
        .containsEntry(prefix + "memory_halvings", 0L);
    assertThat(counted.get(prefix + "device_milliseconds")).isPositive();
    // The last stage is the second run's.
    spark.sc().listenerBus().waitUntilEmpty();
    String stages = get("/api/v1/applications/" + spark.sc().applicationId() + "/stages");
    JsonNode accumulators = new ObjectMapper().readTree(stages).get(0).get("accumulatorUpdates");
    assertThat(accumulators)
        .filteredOn(one -> one.get("name").asText().equals("fovea.upscale.pictures_skipped"))
        .singleElement()
        .extracting(one -> one.get("value").asLong())
        .isEqualTo(now.get(prefix + "pictures_skipped"));
  }

  /** The counters in Spark's own page of metrics. */
  private static Map<String, Long> metrics() throws Exception {
    Map<String, Long> counts = new HashMap<>();
    new ObjectMapper()
        .readTree(get("/metrics/json/"))
        .get("counters")
        .properties()
        .forEach(one -> counts.put(one.getKey(), one.getValue().get("count").asLong()));
    return counts;
  }

  private static String get(String page) throws Exception {
    URI uri = URI.create(spark.sc().uiWebUrl().get() + page);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private static Map<String, String> rejected(java.nio.file.Path root) throws IOException {
    Map<String, String> reasons = new HashMap<>();
    for (Outcome outcome : OutputFiles.manifest(root)) {
      if (outcome instanceof Rejected one) {
        reasons.put(new Path(one.path()).getName(), one.reason());
      }
    }
    return reasons;
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
    return run(output, folder.resolve("in").toString());
  }

  private static ArchiveSummary run(String output, String input) throws IOException {
    ArchiveSettings settings =
        new ArchiveSettings(
            List.of(input),
            Optional.empty(),
            output,
            ArchiveSettings.DEFAULT_NAME,
            new Style(
                OutputFormat.DEFAULT,
                ColourPolicy.KEEP,
                Animations.FIRST_FRAME,
                Damage.REJECT,
                Ensemble.NONE),
            TestModels.ENGINE,
            100,
            120,
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

  /** A store with so much room for pictures, and with files and folders that cannot be read. */
  public static class Store extends LocalStore {
    /** Made by Hadoop. */
    public Store() {
      this("store");
    }

    Store(String scheme) {
      super(scheme);
    }

    @Override
    protected FSDataOutputStream created(Path path, Creation creation) throws IOException {
      FSDataOutputStream out = creation.run();
      return path.toString().contains("_fovea")
          ? out
          : new FSDataOutputStream(new LimitedOutput(out, FREE), null);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      if (UNREADABLE.contains(path.getName())) {
        throw new IOException("the disk of %s is gone".formatted(path.getName()));
      }
      return super.open(path, bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      if (UNREADABLE.contains(path.getName())) {
        throw new AccessControlException("Permission denied: " + path.getName());
      }
      // The local file system's own look up permissions, for which they need its scheme.
      return Arrays.stream(super.listStatus(path))
          .map(
              each ->
                  new FileStatus(
                      each.getLen(),
                      each.isDirectory(),
                      1,
                      each.getBlockSize(),
                      each.getModificationTime(),
                      each.getPath()))
          .toArray(FileStatus[]::new);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) {
      return false;
    }
  }

  /** A card whose file system does not tell names by their case. */
  public static final class BlindStore extends Store {
    /** Made by Hadoop. */
    public BlindStore() {
      super("blind");
    }

    @Override
    public File pathToFile(Path path) {
      File file = super.pathToFile(path);
      return new File(file.getParentFile(), file.getName().toLowerCase(Locale.ROOT));
    }
  }
}
