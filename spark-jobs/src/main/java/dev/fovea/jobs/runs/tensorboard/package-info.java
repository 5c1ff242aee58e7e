/**
 * A run's figures and sample pictures as event files of TensorBoard. Knows what runs record, and
 * nothing of how they are trained.
 */
package dev.fovea.jobs.runs.tensorboard;
