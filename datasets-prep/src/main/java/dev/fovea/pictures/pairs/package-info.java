/**
 * From pictures to training pairs, every choice from one seed; knows decoding, pictures and
 * resampling.
 */
package dev.fovea.pictures.pairs;
