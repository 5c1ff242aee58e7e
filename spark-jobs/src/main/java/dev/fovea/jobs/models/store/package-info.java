/**
 * Where checkpoints are kept: step directories on any Hadoop file system. Knows checkpoints and
 * Hadoop, not Spark.
 */
package dev.fovea.jobs.models.store;
