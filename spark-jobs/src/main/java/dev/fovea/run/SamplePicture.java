package dev.fovea.run;

/**
 * A test picture, or a detail of it, three times in one size.
 *
 * @param name of the test picture
 * @param bicubic its low resolution, enlarged without a network; PNG
 * @param prediction what the model makes of the low resolution; PNG
 * @param original PNG
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record SamplePicture(String name, byte[] bicubic, byte[] prediction, byte[] original) {}
