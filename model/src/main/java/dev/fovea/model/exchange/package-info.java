/**
 * Upscalers from and to other programs: the PyTorch reference's safetensors, ONNX. Knows the
 * upscaler's weights and formats of files, and no file system.
 */
package dev.fovea.model.exchange;
