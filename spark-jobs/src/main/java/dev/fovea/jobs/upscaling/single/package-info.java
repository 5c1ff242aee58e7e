/**
 * Upscales whole pictures of any size with a trained network. Knows pictures, checkpoints and the
 * engine's border; does not know Spark's jobs, the metrics or how a network is trained.
 */
package dev.fovea.jobs.upscaling.single;
