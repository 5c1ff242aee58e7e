/** Resizing of planes as PyTorch and as MATLAB do it; knows only planes. */
package dev.fovea.pictures.resample;
