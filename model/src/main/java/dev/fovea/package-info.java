/**
 * Upscaling for programs that are no Spark jobs: a checkpoint of this machine, loaded once. Knows
 * local files, and pictures as arrays of floats only.
 */
package dev.fovea;
