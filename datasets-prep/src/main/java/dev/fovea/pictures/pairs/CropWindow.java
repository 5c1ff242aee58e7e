package dev.fovea.pictures.pairs;

/**
 * A rectangle of a picture.
 *
 * @param x columns left of it
 * @param y rows above it
 * @param width its columns
 * @param height its rows
 */
public record CropWindow(int x, int y, int width, int height) {
  private static final double LOG_RATIO = StrictMath.log(4.0 / 3.0);

  /** A random square of the target resolution. */
  static CropWindow randomSquare(int width, int height, int side, RandomStream random) {
    if (width < side || height < side) {
      throw new IllegalArgumentException(
          "a picture of %dx%d is smaller than the target resolution %d"
              .formatted(width, height, side));
    }
    int x = random.nextInt(width - side + 1);
    int y = random.nextInt(height - side + 1);
    return new CropWindow(x, y, side, side);
  }

  /** torchvision's {@code RandomResizedCrop.get_params} with its default scale and ratio. */
  static CropWindow randomArea(int width, int height, RandomStream random) {
    double area = (double) width * height;
    for (int attempt = 0; attempt < 10; attempt++) {
      double target = area * random.uniform(0.08, 1);
      double aspect = StrictMath.exp(random.uniform(-LOG_RATIO, LOG_RATIO));
      int w = (int) Math.rint(Math.sqrt(target * aspect));
      int h = (int) Math.rint(Math.sqrt(target / aspect));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        int y = random.nextInt(height - h + 1);
        int x = random.nextInt(width - w + 1);
        return new CropWindow(x, y, w, h);
      }
    }
    double aspect = (double) width / height;
    int w = width;
    int h = height;
    if (aspect < 3.0 / 4.0) {
      h = Math.max(1, (int) Math.rint(width / (3.0 / 4.0)));
    } else if (aspect > 4.0 / 3.0) {
      w = Math.max(1, (int) Math.rint(height * (4.0 / 3.0)));
    }
    return new CropWindow((width - w) / 2, (height - h) / 2, w, h);
  }
}
