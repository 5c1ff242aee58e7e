/**
 * Measures upscalers on photographs, as Spark jobs, and reports the figures. Knows the upscaling,
 * the metrics and Spark; does not know how a network is trained.
 */
package dev.fovea.jobs.evaluation.measure;
