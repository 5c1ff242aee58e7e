package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.data.shard.ShardReader;
import dev.fovea.jobs.data.shard.ShardRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** What a run of prepare left in a folder. */
record Shards(ShardManifest manifest, ShardIndex index, List<ShardRow> rows) {

  static Shards in(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    ShardIndex index = ShardIndex.read(configuration, path);
    ShardReader reader = new ShardReader(configuration, index, 4);
    List<ShardRow> rows = new ArrayList<>();
    for (int row = 0; row < index.size(); row++) {
      rows.add(reader.read(row));
    }
    return new Shards(new ShardFolder(configuration, path).manifest().orElseThrow(), index, rows);
  }

  long count(String name) {
    return manifest.counts().get(name);
  }

  /** File names of the pictures, without their folders. */
  List<String> names() {
    return rows.stream().map(row -> row.path().substring(row.path().lastIndexOf('/') + 1)).toList();
  }
}
