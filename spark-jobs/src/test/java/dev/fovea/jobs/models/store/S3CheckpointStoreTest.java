package dev.fovea.jobs.models.store;

import dev.fovea.jobs.servers.S3;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

class S3CheckpointStoreTest extends CheckpointStoreContractTest {
  @Override
  protected Path root() {
    return new Path(S3.uri() + "/stores");
  }

  @Override
  protected Configuration configuration() {
    return S3.configuration();
  }
}
