/** Stage 1 of training: an upscaler by itself, against MSE and total variation. */
package dev.fovea.jobs.training.stage1;
