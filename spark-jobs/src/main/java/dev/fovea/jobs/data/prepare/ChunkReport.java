package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.shard.ShardManifest;
import java.io.Serializable;
import java.util.List;

/**
 * What became of a chunk.
 *
 * @param kept pictures
 * @param keptPixels of those pictures
 * @param reencoded pictures of which not the original bytes are stored
 * @param rejected the others
 * @param shards the shard, or none where no picture was kept
 * @param fingerprints of the pictures kept, as {@link dev.fovea.pictures.fingerprint.Fingerprints}
 *     formats them
 */
@SuppressWarnings("ArrayRecordComponent") // Only travels; nobody compares reports.
record ChunkReport(
    long kept,
    long keptPixels,
    long reencoded,
    List<Rejection> rejected,
    List<ShardManifest.Shard> shards,
    byte[] fingerprints)
    implements Serializable {
  ChunkReport {
    rejected = List.copyOf(rejected);
    shards = List.copyOf(shards);
  }
}
