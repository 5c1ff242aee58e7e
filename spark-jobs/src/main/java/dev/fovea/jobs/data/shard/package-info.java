/**
 * Pictures in Parquet shards: the format, its writer, its index and its reader. Knows Hadoop's file
 * systems and Parquet; no Spark, no network, and nothing of what is inside a picture's bytes.
 */
package dev.fovea.jobs.data.shard;
