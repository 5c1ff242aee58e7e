/**
 * Averaging rounds as callers describe them: steps, mini-batches, procedures of training and what
 * comes of a round. Knows networks as flat vectors, and nothing of pictures or of Spark.
 */
package dev.fovea.jobs.training.averaging;
