package dev.fovea.jobs.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.Version;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class ShardTest {
  private final Configuration configuration = new Configuration();
  @TempDir java.nio.file.Path folder;

  @Test
  void everyRowComesBackByItsNumberAndByItsAddress() throws Exception {
    List<ShardRow> rows = rows(37, 500);
    ShardIndex index = write(rows, 20, 2_000);
    ShardReader reader = new ShardReader(configuration, index, 2);

    assertThat(index.size()).isEqualTo(37);
    assertThat(index.shardCount()).isEqualTo(2);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(reader.read(row)).usingRecursiveComparison().isEqualTo(rows.get(row));
      assertThat(reader.read(index.address(row)).bytes()).isEqualTo(rows.get(row).bytes());
      assertThat(index.row(index.address(row))).isEqualTo(row);
      assertThat(index.sha256(row)).isEqualTo(rows.get(row).sha256());
      assertThat(index.width(row)).isEqualTo(rows.get(row).width());
      assertThat(index.height(row)).isEqualTo(rows.get(row).height());
      assertThat(row)
          .isBetween(index.groupStart(index.groupOf(row)), index.groupEnd(index.groupOf(row)) - 1);
    }
    assertThat(HexFormat.of().toHexDigits(index.pictureId(5)))
        .isEqualTo(rows.get(5).sha256().substring(0, 16));
  }

  @Test
  void rowGroupsStayUnderTheirLimitAndALargerPictureGetsOneAlone() throws Exception {
    List<ShardRow> rows = new ArrayList<>();
    for (int length : new int[] {400, 500, 200, 5_000, 100, 900, 1}) {
      rows.add(row(rows.size(), length));
    }
    ShardIndex index = write(rows, 10, 1_000);

    List<Integer> sizes = new ArrayList<>();
    for (int group = 0; group < index.groupCount(); group++) {
      sizes.add(index.groupEnd(group) - index.groupStart(group));
    }
    assertThat(sizes).containsExactly(2, 1, 1, 2, 1);
  }

  @Test
  void theUsualRowGroupHoldsAtMostEightMebibytesOfPictures() throws Exception {
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      rows.add(row(i, 3 << 20));
    }
    ShardIndex index = write(rows, 10, ShardWriter.ROW_GROUP_BYTES);

    assertThat(index.groupCount()).isEqualTo(4);
    assertThat(new ShardReader(configuration, index, 1).read(6).bytes())
        .isEqualTo(rows.get(6).bytes());
  }

  @Test
  void theFingerprintDependsOnThePicturesAndNotOnHowTheyAreCut() throws Exception {
    List<ShardRow> rows = rows(12, 50);
    String cutInTwo = write(rows, 6, 100).fingerprint();
    List<ShardRow> reversed = new ArrayList<>(rows);
    Collections.reverse(reversed);
    String cutInFour = write(reversed, 3, 1_000).fingerprint();
    String oneLess = write(rows.subList(0, 11), 12, 1_000).fingerprint();

    assertThat(cutInFour).isEqualTo(cutInTwo);
    assertThat(oneLess).isNotEqualTo(cutInTwo);
  }

  @Test
  void theSameRowsGiveTheSameBytesInEveryProcess() throws Exception {
    write(rows(9, 300), 9, 1_000);
    byte[] shard = Files.readAllBytes(folder.resolve("shard-000000.parquet"));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(shard);

    // Another version of Parquet, whose name is in the file, gives another number.
    String expected =
        Version.VERSION_NUMBER.startsWith("1.13.")
            ? "4944ec3c382b4418774ad51a2a4f1581ba50a11ba5c334a2d078f7d18063e990"
            : "a96b91162141642bdf8f12c942833703a676de9323462782334cc6727f17f48e";
    assertThat(HexFormat.of().formatHex(sha256)).isEqualTo(expected);
  }

  @Test
  void manyThreadsReadThroughASmallCache() throws Exception {
    List<ShardRow> rows = rows(60, 200);
    ShardIndex index = write(rows, 60, 1_000);
    ShardReader reader = new ShardReader(configuration, index, 2);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Callable<Boolean>> readings = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int row = (i * 37) % rows.size();
      readings.add(() -> Arrays.equals(reader.read(row).bytes(), rows.get(row).bytes()));
    }
    try {
      for (Future<Boolean> same : threads.invokeAll(readings)) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anIndexSurvivesSparksKryo() throws Exception {
    ShardIndex index = write(rows(5, 100), 3, 200);
    SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
    ClassTag<ShardIndex> type = ClassTag$.MODULE$.apply(ShardIndex.class);
    ByteBuffer bytes = kryo.serialize(index, type);

    assertThat(kryo.<ShardIndex>deserialize(bytes, type))
        .usingRecursiveComparison()
        .isEqualTo(index);
  }

  @Test
  void aFolderWithoutAManifestIsNotWhole() throws Exception {
    write(rows(5, 100), 5, 1_000);
    Files.delete(folder.resolve("_fovea/prepare.json"));

    assertThatExceptionOfType(ShardException.class)
        .isThrownBy(this::readIndex)
        .withMessageContaining(folder.toString())
        .withMessageContaining("prepare.json is missing");
  }

  @Test
  void aMissingTruncatedOrForeignShardIsNamed() throws Exception {
    write(rows(8, 100), 4, 1_000);
    java.nio.file.Path shard = folder.resolve("shard-000001.parquet");
    byte[] whole = Files.readAllBytes(shard);
    Files.delete(folder.resolve(".shard-000001.parquet.crc"));

    Files.write(shard, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(this::readIndex).hasMessageContaining("shard-000001.parquet");

    Files.write(shard, Files.readAllBytes(folder.resolve("shard-000000.parquet")));
    assertThatThrownBy(this::readIndex).isInstanceOf(ShardException.class);

    Files.writeString(shard, "no Parquet at all");
    assertThatThrownBy(this::readIndex)
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("shard-000001.parquet")
        .message()
        .doesNotContain("\n");

    Files.delete(shard);
    assertThatThrownBy(this::readIndex)
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("shard-000001.parquet: the shard is missing");
  }

  @Test
  void aChangedByteInAPictureIsFoundWhenItIsRead() throws Exception {
    List<ShardRow> rows = rows(3, 5_000);
    ShardIndex index = write(rows, 3, 100_000);
    java.nio.file.Path shard = folder.resolve("shard-000000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[indexOf(bytes, rows.get(1).bytes()) + 2_500] ^= 1;
    Files.delete(folder.resolve(".shard-000000.parquet.crc"));
    Files.write(shard, bytes);

    assertThatExceptionOfType(ShardException.class)
        .isThrownBy(() -> new ShardReader(configuration, index, 1).read(1))
        .withMessageContaining("shard-000000.parquet: row group 0 cannot be read");
  }

  @Test
  void aShardWhoseWriterNeverFinishedIsNoShard() throws Exception {
    Path path = new Path(folder.toUri().toString(), "shard-000000.parquet");
    try (ShardWriter writer = new ShardWriter(configuration, path)) {
      writer.write(row(0, 100));
    }
    assertThatExceptionOfType(ShardException.class)
        .isThrownBy(() -> ShardFile.open(configuration, path))
        .withMessageContaining("shard-000000.parquet: the shard cannot be read");
  }

  @Test
  void aManifestWithUnknownKeysOrAnotherVersionIsRefused() throws Exception {
    write(rows(2, 100), 2, 1_000);
    java.nio.file.Path manifest = folder.resolve("_fovea/prepare.json");
    String json = Files.readString(manifest);
    Files.delete(folder.resolve("_fovea/.prepare.json.crc"));

    Files.writeString(manifest, json.replace("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(this::readIndex).hasMessageContaining("version 2 is not 1");

    Files.writeString(manifest, json.replace("\"version\" : 1", "\"version\" : 1, \"colour\" : 3"));
    assertThatThrownBy(this::readIndex).hasMessageContaining("colour");
  }

  @Test
  void severalFoldersReadAsOne() throws Exception {
    List<ShardRow> rows = rows(9, 300);
    ShardIndex whole = write(rows, 20, 1_000);
    java.nio.file.Path parent = folder;
    folder = Files.createDirectories(parent.resolve("monday"));
    write(rows.subList(0, 4), 2, 1_000);
    folder = Files.createDirectories(parent.resolve("tuesday"));
    write(rows.subList(4, 9), 20, 1_000);

    ShardIndex both =
        ShardIndex.read(
            configuration, List.of(new Path(parent + "/monday"), new Path(parent + "/tuesday")));

    assertThat(both.size()).isEqualTo(9);
    assertThat(both.shardCount()).isEqualTo(3);
    assertThat(both.fingerprint()).isEqualTo(whole.fingerprint());
    ShardReader reader = new ShardReader(configuration, both, 2);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(reader.read(row).bytes()).isEqualTo(rows.get(row).bytes());
    }
  }

  private ShardIndex readIndex() throws IOException {
    return ShardIndex.read(configuration, new Path(folder.toUri()));
  }

  private ShardIndex write(List<ShardRow> rows, int rowsPerShard, long rowGroupBytes)
      throws IOException {
    ShardFolder shards = new ShardFolder(configuration, new Path(folder.toUri()));
    shards.clear();
    List<ShardManifest.Shard> written = new ArrayList<>();
    for (int first = 0; first < rows.size(); first += rowsPerShard) {
      try (ShardWriter writer =
          new ShardWriter(configuration, shards.shard(written.size()), rowGroupBytes)) {
        for (ShardRow row : rows.subList(first, Math.min(first + rowsPerShard, rows.size()))) {
          writer.write(row);
        }
        written.add(writer.finish());
      }
    }
    String fingerprint = ShardIndex.read(configuration, shards.path(), written).fingerprint();
    shards.commit(new ShardManifest(Map.of(), "", Map.of(), written, fingerprint));
    return readIndex();
  }

  private static List<ShardRow> rows(int count, int length) {
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(i, length));
    }
    return rows;
  }

  private static ShardRow row(int number, int length) {
    byte[] bytes = new byte[length];
    new Random(number).nextBytes(bytes);
    try {
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      return new ShardRow(
          "file:/pictures/фото %d.png".formatted(number), sha256, 10 + number, 20, "PNG", bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }
}
