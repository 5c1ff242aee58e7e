/**
 * Scores the network that is being trained, on crops of the test pictures, between two rounds.
 * Knows shards, scores and Spark, and nothing of how a network is trained.
 */
package dev.fovea.jobs.evaluation.training;
