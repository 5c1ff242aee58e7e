package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Exif;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;

/**
 * The eight values of the EXIF orientation: how stored rows and columns become an upright picture.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  RIGHT_TURN(true, true, false),
  TRANSVERSED(true, true, true),
  LEFT_TURN(true, false, true);

  /** Whether rows become columns; applied first. */
  private final boolean transposes;

  /** Whether the upright picture is mirrored left to right against the (transposed) stored one. */
  private final boolean mirrorsColumns;

  /** Whether it is mirrored top to bottom. */
  private final boolean mirrorsRows;

  Orientation(boolean transposes, boolean mirrorsColumns, boolean mirrorsRows) {
    this.transposes = transposes;
    this.mirrorsColumns = mirrorsColumns;
    this.mirrorsRows = mirrorsRows;
  }

  /** The orientation that an EXIF block states. */
  static Orientation of(byte[] exif) {
    return values()[Exif.orientation(exif) - 1];
  }

  boolean transposes() {
    return transposes;
  }

  /** Whether the first stored column lies at the far end of the upright picture. */
  boolean mirrorsStoredColumns() {
    return transposes ? mirrorsRows : mirrorsColumns;
  }

  /** Whether the first stored row lies at the far end of the upright picture. */
  boolean mirrorsStoredRows() {
    return transposes ? mirrorsColumns : mirrorsRows;
  }

  /** The upright picture, with metadata that say so. */
  Picture apply(Picture stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = transposes ? stored.height() : stored.width();
    int height = transposes ? stored.width() : stored.height();
    return stored
        .withSamples(
            width,
            height,
            turned(stored.samples(), stored, width, height, stored.channels()),
            stored.alpha().map(alpha -> turned(alpha, stored, width, height, 1)))
        .withMetadata(stored.metadata().upright(transposes));
  }

  /** The part of the stored picture that becomes a part of the upright one. */
  Region stored(Region upright, int uprightWidth, int uprightHeight) {
    int x = mirrorsColumns ? uprightWidth - upright.right() : upright.x();
    int y = mirrorsRows ? uprightHeight - upright.bottom() : upright.y();
    return transposes
        ? new Region(y, x, upright.height(), upright.width())
        : new Region(x, y, upright.width(), upright.height());
  }

  private Samples turned(Samples from, Picture stored, int width, int height, int channels) {
    if (from instanceof Samples.Bytes bytes) {
      byte[] to = new byte[from.length()];
      byte[] values = bytes.values();
      int at = 0;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int source = source(x, y, width, height, stored.width()) * channels;
          for (int c = 0; c < channels; c++) {
            to[at++] = values[source + c];
          }
        }
      }
      return new Samples.Bytes(to);
    }
    short[] to = new short[from.length()];
    short[] values = ((Samples.Words) from).values();
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int source = source(x, y, width, height, stored.width()) * channels;
        for (int c = 0; c < channels; c++) {
          to[at++] = values[source + c];
        }
      }
    }
    return new Samples.Words(to);
  }

  private int source(int x, int y, int width, int height, int storedWidth) {
    int column = mirrorsColumns ? width - 1 - x : x;
    int row = mirrorsRows ? height - 1 - y : y;
    return transposes ? column * storedWidth + row : row * storedWidth + column;
  }
}
