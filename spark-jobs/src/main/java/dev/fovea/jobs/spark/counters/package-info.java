/** What Spark's own pages and metrics say about a job; knows Spark and nothing of the jobs. */
package dev.fovea.jobs.spark.counters;
