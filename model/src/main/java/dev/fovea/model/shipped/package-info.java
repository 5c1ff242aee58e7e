/**
 * The trained upscalers that come with Fovea, as resources of its jar. Knows the formats of weights
 * and of checkpoints, and neither Spark nor a file system.
 */
package dev.fovea.model.shipped;
