/**
 * Measures upscalers on data sets of photographs, as Spark jobs, and reports the figures. Knows the
 * upscaling, the metrics and Spark, and nothing of how a network is trained.
 */
package dev.fovea.jobs.evaluation.measure;
