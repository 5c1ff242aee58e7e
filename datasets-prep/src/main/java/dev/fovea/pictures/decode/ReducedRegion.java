package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Picture;

/**
 * A rectangle of a picture that was perhaps decoded at a fraction of its size.
 *
 * @param picture holds the rectangle, and up to a pixel more on each side
 * @param x where in {@code picture}, in its pixels, the rectangle begins
 * @param y likewise
 * @param width the rectangle's width in pixels of {@code picture}
 * @param height likewise
 */
public record ReducedRegion(Picture picture, double x, double y, double width, double height) {}
