/**
 * DL4J's parameter averaging on Spark, run by our engines; knows flat vectors, steps and
 * mini-batches, and nothing of pictures.
 */
package dev.fovea.jobs.training.averaging;
