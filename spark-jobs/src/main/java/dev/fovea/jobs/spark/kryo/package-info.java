/** How arrays, records and immutable collections travel in Spark; knows nothing of Fovea. */
package dev.fovea.jobs.spark.kryo;
