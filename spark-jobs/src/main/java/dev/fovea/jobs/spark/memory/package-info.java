/**
 * What memory a process may use and what training needs of it. Knows the networks' shapes and
 * Spark's settings, not how anything is computed.
 */
package dev.fovea.jobs.spark.memory;
