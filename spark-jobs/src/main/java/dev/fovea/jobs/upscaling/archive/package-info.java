/**
 * Upscales archives of pictures as a Spark job and accounts for every one. Knows listings, shards,
 * encoders, the tiles of {@code upscaling} and Spark; does not know how a network is trained.
 */
package dev.fovea.jobs.upscaling.archive;
