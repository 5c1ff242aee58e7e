package dev.fovea.pictures.picture;

import dev.fovea.pictures.metadata.Metadata;
import java.util.Optional;

/**
 * An upright picture, grey or RGB, of 8 or 16 bits a sample.
 *
 * <p>Arrays are held without copying and must not be changed afterwards; then a picture is safe for
 * use by several threads.
 *
 * @param width columns, 1 or more
 * @param height rows, 1 or more
 * @param grey one sample a pixel; otherwise three, RGB
 * @param samples row by row, interleaved
 * @param alpha one sample a pixel of the same depth, not premultiplied
 * @param metadata what else its file says of it, turned upright with it
 */
public record Picture(
    int width,
    int height,
    boolean grey,
    Samples samples,
    Optional<Samples> alpha,
    Metadata metadata) {
  /**
   * @throws IllegalArgumentException naming the sizes where they do not fit together
   */
  public Picture {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "picture of %dx%d: both must be 1 or more".formatted(width, height));
    }
    long pixels = (long) width * height;
    if (samples.length() != pixels * (grey ? 1 : 3)) {
      throw new IllegalArgumentException(
          "%s picture of %dx%d needs %d samples, not %d"
              .formatted(
                  grey ? "grey" : "RGB", width, height, pixels * (grey ? 1 : 3), samples.length()));
    }
    if (alpha.isPresent()
        && (alpha.get().length() != pixels || alpha.get().bitDepth() != samples.bitDepth())) {
      throw new IllegalArgumentException(
          "alpha of %d samples of %d bits does not fit a picture of %dx%d of %d bits"
              .formatted(
                  alpha.get().length(), alpha.get().bitDepth(), width, height, samples.bitDepth()));
    }
  }

  /** An RGB picture of 8 bits without alpha and metadata. */
  public static Picture rgb(int width, int height, byte[] samples) {
    return plain(width, height, false, new Samples.Bytes(samples));
  }

  /** A grey picture of 8 bits without alpha and metadata. */
  public static Picture grey(int width, int height, byte[] samples) {
    return plain(width, height, true, new Samples.Bytes(samples));
  }

  /** A picture without alpha and metadata. */
  public static Picture plain(int width, int height, boolean grey, Samples samples) {
    return new Picture(width, height, grey, samples, Optional.empty(), Metadata.NONE);
  }

  /**
   * The RGB picture of 8 bits of three planes, rounded half up and clamped.
   *
   * @throws IllegalArgumentException if there are not three channels
   */
  public static Picture rgb8(Planes planes) {
    if (planes.channels() != 3) {
      throw new IllegalArgumentException("an RGB picture needs 3 planes, not " + planes.channels());
    }
    int pixels = planes.height() * planes.width();
    byte[] bytes = new byte[3 * pixels];
    float[] from = planes.samples();
    for (int i = 0; i < pixels; i++) {
      bytes[3 * i] = (byte) EightBit.round(from[i]);
      bytes[3 * i + 1] = (byte) EightBit.round(from[pixels + i]);
      bytes[3 * i + 2] = (byte) EightBit.round(from[2 * pixels + i]);
    }
    return rgb(planes.width(), planes.height(), bytes);
  }

  /** 8 or 16. */
  public int bitDepth() {
    return samples.bitDepth();
  }

  /** Samples a pixel without alpha: 1 or 3. */
  public int channels() {
    return grey ? 1 : 3;
  }

  /** Three planes R, G, B from 0 to 1; grey is replicated, alpha left out. */
  public Planes toPlanes() {
    Planes planes = Planes.zeros(3, height, width);
    readRegion(0, 0, width, height, planes.samples(), 0);
    return planes;
  }

  /**
   * Writes a rectangle as three planes R, G, B from 0 to 1.
   *
   * @param into receives 3 x regionHeight x regionWidth floats from {@code offset} on
   * @throws IllegalArgumentException if the rectangle does not lie inside the picture
   */
  public void readRegion(
      int x, int y, int regionWidth, int regionHeight, float[] into, int offset) {
    checkInside(x, y, regionWidth, regionHeight);
    int plane = regionWidth * regionHeight;
    int to = offset;
    for (int row = 0; row < regionHeight; row++) {
      int pixel = (y + row) * width + x;
      if (samples instanceof Samples.Bytes bytes) {
        rowOfBytes(bytes.values(), pixel, regionWidth, into, to, plane);
      } else {
        rowOfWords(((Samples.Words) samples).values(), pixel, regionWidth, into, to, plane);
      }
      to += regionWidth;
    }
  }

  /** A copied rectangle with the same metadata. */
  public Picture crop(int x, int y, int cropWidth, int cropHeight) {
    checkInside(x, y, cropWidth, cropHeight);
    int n = channels();
    int start = y * width + x;
    return withSamples(
        cropWidth,
        cropHeight,
        samples.window(start * n, cropWidth * n, width * n, cropHeight),
        alpha.map(plane -> plane.window(start, cropWidth, width, cropHeight)));
  }

  /** The picture with 8 bits a sample; itself where it has them. */
  public Picture toEightBit() {
    if (bitDepth() == 8) {
      return this;
    }
    return withSamples(width, height, samples.toBytes(), alpha.map(Samples::toBytes));
  }

  /** Other samples, grey or RGB as these are, with the same metadata. */
  public Picture withSamples(
      int newWidth, int newHeight, Samples newSamples, Optional<Samples> newAlpha) {
    return new Picture(newWidth, newHeight, grey, newSamples, newAlpha, metadata);
  }

  /** The picture with other metadata, samples unchanged. */
  public Picture withMetadata(Metadata other) {
    return new Picture(width, height, grey, samples, alpha, other);
  }

  /** The colour profile of the samples. */
  public Optional<byte[]> icc() {
    return metadata.icc();
  }

  /** The EXIF block from its TIFF header on, its orientation no longer to be applied. */
  public Optional<byte[]> exif() {
    return metadata.exif();
  }

  /** The picture with another colour profile or none, samples unchanged. */
  public Picture withIcc(Optional<byte[]> profile) {
    return withMetadata(metadata.withIcc(profile));
  }

  /** The picture with another EXIF block or none. */
  public Picture withExif(Optional<byte[]> block) {
    return withMetadata(metadata.withExif(block));
  }

  private void rowOfBytes(byte[] values, int pixel, int count, float[] into, int to, int plane) {
    float[] table = EightBit.VALUES;
    if (grey) {
      for (int i = 0; i < count; i++) {
        float value = table[values[pixel + i] & 0xFF];
        into[to + i] = value;
        into[to + plane + i] = value;
        into[to + 2 * plane + i] = value;
      }
      return;
    }
    int from = 3 * pixel;
    for (int i = 0; i < count; i++, from += 3) {
      into[to + i] = table[values[from] & 0xFF];
      into[to + plane + i] = table[values[from + 1] & 0xFF];
      into[to + 2 * plane + i] = table[values[from + 2] & 0xFF];
    }
  }

  private void rowOfWords(short[] values, int pixel, int count, float[] into, int to, int plane) {
    int n = channels();
    for (int channel = 0; channel < 3; channel++) {
      int from = pixel * n + Math.min(channel, n - 1);
      for (int i = 0; i < count; i++, from += n) {
        into[to + channel * plane + i] = (values[from] & 0xFFFF) / 65535f;
      }
    }
  }

  private void checkInside(int x, int y, int w, int h) {
    if (x < 0 || y < 0 || w < 1 || h < 1 || x > width - w || y > height - h) {
      throw new IllegalArgumentException(
          "rectangle of %dx%d at (%d,%d) does not lie inside a picture of %dx%d"
              .formatted(w, h, x, y, width, height));
    }
  }
}
