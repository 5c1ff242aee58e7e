package dev.fovea.jobs.models.store;

import dev.fovea.jobs.servers.Hdfs;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

class HdfsCheckpointStoreTest extends CheckpointStoreContractTest {
  @Override
  protected Path root() {
    return new Path(Hdfs.uri() + "/stores");
  }

  @Override
  protected Configuration configuration() {
    return Hdfs.configuration();
  }
}
