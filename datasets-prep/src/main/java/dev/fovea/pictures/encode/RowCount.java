package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;

/** Checks the layout against the format and bands against the layout, and counts their rows. */
final class RowCount {
  private final PictureLayout layout;
  private int left;

  /**
   * @throws IllegalArgumentException if the format refuses the layout
   */
  RowCount(Encoding encoding, PictureLayout layout) {
    encoding
        .refusal(layout)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    this.layout = layout;
    left = layout.height();
  }

  int left() {
    return left;
  }

  /** Counts a band in, before it is written. */
  void take(Picture band) {
    if (band.width() != layout.width()
        || band.bitDepth() != layout.bitDepth()
        || band.grey() != layout.grey()
        || band.alpha().isPresent() != layout.alpha()) {
      throw new IllegalArgumentException(
          "band of %s does not fit a picture of %s"
              .formatted(kind(PictureLayout.of(band)), kind(layout)));
    }
    if (band.height() > left) {
      throw new IllegalArgumentException(
          "band of %d rows where %d are left".formatted(band.height(), left));
    }
    left -= band.height();
  }

  void checkNoneLeft() throws IncompletePictureException {
    if (left > 0) {
      throw new IncompletePictureException(left, layout.height());
    }
  }

  private static String kind(PictureLayout layout) {
    return "%d columns, %s%s, %d bits"
        .formatted(
            layout.width(),
            layout.grey() ? "grey" : "RGB",
            layout.alpha() ? " with alpha" : "",
            layout.bitDepth());
  }
}
