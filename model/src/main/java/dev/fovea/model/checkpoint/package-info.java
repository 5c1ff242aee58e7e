/**
 * What a checkpoint holds and how it is written into named files: safetensors and strict JSON,
 * never Java objects. Knows the upscaler's graph and its updaters, and no file system.
 */
package dev.fovea.model.checkpoint;
