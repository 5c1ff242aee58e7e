/**
 * Measures how training grows with the number of executors, and predicts it for more; knows the
 * averaging run, what it reads, and how Spark is started.
 */
package dev.fovea.jobs.benchmark.scaling;
