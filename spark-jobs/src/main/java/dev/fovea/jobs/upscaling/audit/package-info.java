/** Finds out whether an upscaled picture shows what its source shows. Knows pictures alone. */
package dev.fovea.jobs.upscaling.audit;
