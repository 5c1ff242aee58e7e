/**
 * Upscales on the CPU in fp32, in Java alone: Winograd's minimal filtering on vectors of 256 or 512
 * bits. The only package that knows {@code jdk.incubator.vector}, and that only in {@code Kernels},
 * so that everything else loads in a JVM without that module.
 */
package dev.fovea.model.engine.vector;
