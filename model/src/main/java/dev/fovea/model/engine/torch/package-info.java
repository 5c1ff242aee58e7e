/**
 * Executes DL4J graphs with LibTorch, on the CPU and on CUDA devices. The only package that knows
 * {@code org.bytedeco.pytorch}.
 */
package dev.fovea.model.engine.torch;
