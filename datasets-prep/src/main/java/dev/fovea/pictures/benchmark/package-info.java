/** Measures how many pictures a second the pipeline feeds; knows decoding and augmentation. */
package dev.fovea.pictures.benchmark;
