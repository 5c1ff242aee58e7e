/** How Spark is started for a job, embedded or on a cluster. Knows nothing of the jobs. */
package dev.fovea.jobs.spark.session;
