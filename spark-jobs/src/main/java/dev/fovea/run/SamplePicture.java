package dev.fovea.run;

/**
 * A test picture, or a detail of it: bicubic, the model's result and the original side by side.
 *
 * @param name of the test picture
 * @param width in pixels
 * @param height in pixels
 * @param png the picture of all three
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record SamplePicture(String name, int width, int height, byte[] png) {}
