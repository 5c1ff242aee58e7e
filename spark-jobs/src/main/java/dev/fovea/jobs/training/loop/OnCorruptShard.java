package dev.fovea.jobs.training.loop;

/** What a run does about shards, or row groups of them, that cannot be read whole. */
public enum OnCorruptShard {
  /** It ends, naming the shard. */
  FAIL,
  /** It reads everything once before it begins, and trains without what is damaged. */
  SKIP
}
