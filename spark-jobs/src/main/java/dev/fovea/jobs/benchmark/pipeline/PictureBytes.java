package dev.fovea.jobs.benchmark.pipeline;

import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** The pictures of a folder as bytes that are read anew each time they are asked for. */
final class PictureBytes {
  private static final int CACHED_GROUPS = 16;

  /** Reads one of the pictures. */
  @FunctionalInterface
  private interface Reading {
    byte[] read(int index) throws IOException;
  }

  private PictureBytes() {}

  static boolean isShards(Path folder) throws IOException {
    return shards(folder).manifest().isPresent();
  }

  static List<byte[]> ofShards(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    ShardIndex index = ShardIndex.read(configuration, shards(folder).path());
    ShardReader reader = new ShardReader(configuration, index, CACHED_GROUPS);
    return list(index.size(), row -> reader.read(row).bytes());
  }

  static List<byte[]> ofFiles(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      List<Path> files = paths.filter(Files::isRegularFile).sorted().toList();
      return list(files.size(), index -> Files.readAllBytes(files.get(index)));
    }
  }

  private static ShardFolder shards(Path folder) {
    return new ShardFolder(
        new Configuration(), new org.apache.hadoop.fs.Path(folder.toAbsolutePath().toUri()));
  }

  private static List<byte[]> list(int size, Reading reading) {
    return new AbstractList<>() {
      @Override
      public byte[] get(int index) {
        try {
          return reading.read(index);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public int size() {
        return size;
      }
    };
  }
}
