package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.data.shard.ShardWriter;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.pairs.CropMode;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.pairs.Flips;
import dev.fovea.pictures.pairs.PairSettings;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Shards of small pictures of noise, 25 to a shard and a few to a row group. */
public final class NoiseShards {
  /** Pairs of 2x2 and 4x4 pixels, with every augmentation. */
  public static final PairSettings PAIRS =
      new PairSettings(4, 2, CropMode.NATIVE, Downscaler.BICUBIC, 0.1, 0.1, 0.1, 0.1, Flips.ALL);

  private static final int ROWS_PER_SHARD = 25;
  private static final int HEIGHT = 7;

  private NoiseShards() {}

  /** Writes that many pictures of noise and reads their index. */
  public static ShardIndex write(Path folder, int count) throws IOException {
    return write(folder, encoded(pictures(count)));
  }

  /** Writes a folder as prepare does, of that many pictures of noise. */
  public static void writeWhole(Path folder, int count, int width, int height) throws IOException {
    Random random = new Random(5);
    Configuration configuration = new Configuration();
    ShardFolder shards =
        new ShardFolder(configuration, new org.apache.hadoop.fs.Path(folder.toUri()));
    List<ShardManifest.Shard> written = new ArrayList<>();
    for (int from = 0; from < count; from += ROWS_PER_SHARD) {
      try (ShardWriter writer =
          new ShardWriter(configuration, shards.shard(written.size()), 20_000)) {
        for (int i = from; i < Math.min(count, from + ROWS_PER_SHARD); i++) {
          byte[] samples = new byte[width * height * 3];
          random.nextBytes(samples);
          byte[] file = PngEncoder.encode(Picture.rgb(width, height, samples));
          writer.write(
              new ShardRow("noise-%d.png".formatted(i), sha256(file), width, height, "PNG", file));
        }
        written.add(writer.finish());
      }
    }
    String fingerprint = ShardIndex.read(configuration, shards.path(), written).fingerprint();
    shards.commit(new ShardManifest(Map.of(), "", Map.of(), written, fingerprint));
  }

  static List<Picture> pictures(int count) {
    Random random = new Random(3);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] samples = new byte[width(i) * HEIGHT * 3];
      random.nextBytes(samples);
      pictures.add(Picture.rgb(width(i), HEIGHT, samples));
    }
    return pictures;
  }

  private static int width(int picture) {
    return 6 + picture % 9;
  }

  static List<byte[]> encoded(List<Picture> pictures) {
    return new ArrayList<>(pictures.stream().map(PngEncoder::encode).toList());
  }

  static ShardIndex write(Path folder, List<byte[]> files) throws IOException {
    Configuration configuration = new Configuration();
    ShardFolder shards =
        new ShardFolder(configuration, new org.apache.hadoop.fs.Path(folder.toUri()));
    List<ShardManifest.Shard> written = new ArrayList<>();
    for (int from = 0; from < files.size(); from += ROWS_PER_SHARD) {
      try (ShardWriter writer =
          new ShardWriter(configuration, shards.shard(written.size()), 1000)) {
        for (int i = from; i < Math.min(files.size(), from + ROWS_PER_SHARD); i++) {
          byte[] file = files.get(i);
          writer.write(
              new ShardRow(
                  "photo-%d.png".formatted(i), sha256(file), width(i), HEIGHT, "PNG", file));
        }
        written.add(writer.finish());
      }
    }
    return ShardIndex.read(configuration, shards.path(), written);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
