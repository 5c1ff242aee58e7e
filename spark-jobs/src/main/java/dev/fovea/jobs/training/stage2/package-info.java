/** Stage 2 of training: an upscaler and a critic against each other, from a model of stage 1. */
package dev.fovea.jobs.training.stage2;
