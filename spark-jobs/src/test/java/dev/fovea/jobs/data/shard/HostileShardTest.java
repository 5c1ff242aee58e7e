package dev.fovea.jobs.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards that promise more than they hold cost no memory, and are named with their limit. */
class HostileShardTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int TAIL = 8;

  private final Configuration configuration = new Configuration();
  @TempDir java.nio.file.Path folder;
  private Path shard;

  @BeforeEach
  void nameTheShard() {
    // Without checksum files, which would notice the changes made here.
    configuration.set("fs.file.impl", org.apache.hadoop.fs.RawLocalFileSystem.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    shard = new Path(folder.toUri().toString(), "shard-000000.parquet");
  }

  @Test
  void aShardThatInflatesIsRefusedByItsFooter() throws Exception {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(shard, configuration))
            .withConf(configuration)
            .withType(ShardSchema.ROW)
            .withExtraMetaData(Map.of(ShardSchema.VERSION_KEY, ShardSchema.VERSION))
            .withCompressionCodec(CompressionCodecName.GZIP)
            .withDictionaryEncoding(false)
            .build()) {
      writer.write(group("a.png", 1, new byte[64 * MEBIBYTE]));
    }

    assertThat(Files.size(file())).isLessThan(MEBIBYTE / 8);
    assertThatItIsRefused(
        "column 'path' of row group 0 is compressed with GZIP: only UNCOMPRESSED is allowed");
  }

  @Test
  void aPictureThatManyRowsShareIsRefused() throws Exception {
    byte[] picture = new byte[MEBIBYTE / 2];
    Random random = new Random(1);
    random.nextBytes(picture);
    for (WriterVersion version : WriterVersion.values()) {
      Files.deleteIfExists(file());
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(HadoopOutputFile.fromPath(shard, configuration))
              .withConf(configuration)
              .withType(ShardSchema.ROW)
              .withExtraMetaData(Map.of(ShardSchema.VERSION_KEY, ShardSchema.VERSION))
              .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
              .withDictionaryEncoding(version == WriterVersion.PARQUET_1_0)
              .withWriterVersion(version)
              .build()) {
        for (int row = 0; row < 64; row++) {
          // Other columns hold what each row has of its own, and so they are as long as they say.
          String text = Long.toHexString(random.nextLong()).repeat(4);
          writer.write(group(text, random.nextInt(), picture));
        }
      }
      assertThat(Files.size(file())).isLessThan(MEBIBYTE);

      // A footer is no witness of how its pages are encoded.
      rewriteFooter(
          footer -> {
            for (ColumnChunk column : footer.getRow_groups().get(0).getColumns()) {
              column.getMeta_data().setEncodings(List.of(Encoding.PLAIN));
              column.getMeta_data().unsetEncoding_stats();
            }
          });
      assertThatThrownBy(() -> ShardRows.group(configuration, shard, 0))
          .isInstanceOf(ShardException.class)
          .hasMessageContaining("only pages of version 1 in PLAIN are allowed");
    }
  }

  @Test
  void aFooterCannotPromiseMoreThanTheFileHolds() throws Exception {
    Consumer<ColumnMetaData> longer = column -> column.setTotal_compressed_size(1L << 30);
    assertThatAFooterIsRefused(longer, "inflates to");
    assertThatAFooterIsRefused(
        longer.andThen(column -> column.setTotal_uncompressed_size(1L << 30)),
        "column 'path' of row group 0 has 1073741824 bytes from byte 4: the file ends at byte");
    assertThatAFooterIsRefused(
        column -> column.setNum_values(2_000_000_000), "has 2000000000 values for 3 rows");
    assertThatAFooterIsRefused(column -> column.setData_page_offset(-5), "bytes from byte -5");

    assertThatAGroupIsRefused(group -> group.setNum_rows(0), "row group 0 is empty");
    assertThatAGroupIsRefused(
        group -> {
          group.setNum_rows(2_000_000_000);
          group.getColumns().forEach(c -> c.getMeta_data().setNum_values(2_000_000_000));
        },
        "has 2000000000 values: its ");
    assertThatAGroupIsRefused(
        group -> group.setColumns(group.getColumns().subList(0, 5)),
        "has 5 columns, a shard has 6");
  }

  @Test
  void rowGroupsDoNotShareBytes() throws Exception {
    writeWhole();
    rewriteFooter(footer -> footer.getRow_groups().add(footer.getRow_groups().get(0)));
    assertThatItIsRefused("of row group 1 has");
  }

  @Test
  void theFooterItselfIsBounded() throws Exception {
    // FileMetaData { 2: list of 100,000,000 structures }, and structures without an end.
    writeFooter(new byte[] {0x29, (byte) 0xfc, (byte) 0x80, (byte) 0xc2, (byte) 0xd7, 0x2f});
    assertThatItIsRefused("the shard cannot be read: its footer: ");
    byte[] nested = new byte[MEBIBYTE];
    Arrays.fill(nested, (byte) 0xfc);
    writeFooter(nested);
    assertThatItIsRefused("the shard cannot be read: its footer: ");
    writeFooter(new byte[5 * MEBIBYTE]);
    assertThatItIsRefused("a footer of 5242880 bytes is more than the limit of 4194304");
    Files.write(file(), new byte[] {'P', 'A', 'R', '1', -1, -1, -1, -1, 'P', 'A', 'R', '1'});
    assertThatItIsRefused("a footer of -1 bytes is more than the limit of 0");
    Files.write(file(), new byte[0]);
    assertThatItIsRefused("0 bytes are fewer than a Parquet file has");
  }

  @Test
  void damageEndsInRowsOrARefusal() throws Exception {
    writeWhole();
    byte[] whole = Files.readAllBytes(file());
    int footer =
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - TAIL) + TAIL;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int seed = 0; seed < Integer.getInteger("fuzz.tries", 300); seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        // Mostly what describes the pictures; they themselves are only bytes.
        int at = random.nextInt(4) > 0 ? damaged.length - footer : 0;
        damaged[at + random.nextInt(damaged.length - at)] = (byte) random.nextInt();
      }
      Files.write(file(), damaged);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        assertThat(ShardRows.group(configuration, shard, 0)).hasSizeLessThanOrEqualTo(3);
      } catch (ShardException e) {
        assertThat(e).message().contains("shard-000000.parquet").doesNotContain("\n");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("seed %d", seed)
          .isLessThan(128L * MEBIBYTE);
    }
  }

  private void assertThatAFooterIsRefused(Consumer<ColumnMetaData> lie, String message)
      throws IOException {
    assertThatAGroupIsRefused(
        group -> lie.accept(group.getColumns().get(0).getMeta_data()), message);
  }

  private void assertThatAGroupIsRefused(Consumer<RowGroup> lie, String message)
      throws IOException {
    writeWhole();
    rewriteFooter(footer -> lie.accept(footer.getRow_groups().get(0)));
    assertThatItIsRefused(message);
  }

  private void assertThatItIsRefused(String message) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatExceptionOfType(ShardException.class)
        .isThrownBy(() -> ShardRows.group(configuration, shard, 0))
        .withMessageContaining("shard-000000.parquet")
        .withMessageContaining(message);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L * MEBIBYTE);
  }

  private void writeWhole() throws IOException {
    try (ShardWriter writer = new ShardWriter(configuration, shard)) {
      for (int row = 0; row < 3; row++) {
        writer.write(new ShardRow("a.png", "0".repeat(64), 1, 1, "PNG", new byte[10_000]));
      }
      writer.finish();
    }
  }

  private void rewriteFooter(Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - TAIL);
    int start = bytes.length - TAIL - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    change.accept(footer);
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, changed);
    Files.write(file(), withFooter(Arrays.copyOf(bytes, start), changed.toByteArray()));
  }

  private void writeFooter(byte[] footer) throws IOException {
    Files.write(file(), withFooter("PAR1".getBytes(StandardCharsets.US_ASCII), footer));
  }

  private static byte[] withFooter(byte[] before, byte[] footer) {
    return ByteBuffer.allocate(before.length + footer.length + TAIL)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(before)
        .put(footer)
        .putInt(footer.length)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static Group group(String text, int number, byte[] picture) {
    return new SimpleGroupFactory(ShardSchema.ROW)
        .newGroup()
        .append("path", text)
        .append("sha256", text)
        .append("width", number)
        .append("height", number)
        .append("format", text)
        .append("bytes", Binary.fromConstantByteArray(picture));
  }

  private java.nio.file.Path file() {
    return java.nio.file.Path.of(shard.toUri());
  }
}
