package dev.fovea.pictures.metadata;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How many pixels lie on a length, and with that the shape of a pixel.
 *
 * @param x columns a metre, above 0
 * @param y rows a metre, above 0
 * @param metric whether these are lengths; otherwise only their ratio says something
 */
public record Density(double x, double y, boolean metric) {
  private static final double INCH = 0.0254;
  private static final double CENTIMETRE = 0.01;
  private static final int MAX_JFIF = 0xFFFF;

  /** What is not above 0, or says no more than that pixels are square, is nothing. */
  private static Optional<Density> of(double x, double y, double unit) {
    boolean metric = unit > 0;
    boolean numbers = x > 0 && y > 0 && Double.isFinite(x) && Double.isFinite(y);
    boolean says = numbers && (metric || x != y);
    double scale = metric ? 1 / unit : 1;
    return says ? Optional.of(new Density(x * scale, y * scale, metric)) : Optional.empty();
  }

  /** Of PNG's pHYs chunk. */
  public static Optional<Density> ofPhys(byte[] chunk) {
    if (chunk.length != 9) {
      return Optional.empty();
    }
    ByteBuffer fields = ByteBuffer.wrap(chunk);
    return of(fields.getInt(), fields.getInt(), fields.get() == 1 ? 1 : 0);
  }

  /**
   * Of the fields of JPEG's JFIF segment, and with one more for the unit of EXIF's.
   *
   * @param unit 0 for none, 1 for inches, 2 for centimetres
   */
  public static Optional<Density> ofJfif(int unit, double x, double y) {
    return of(x, y, unit == 1 ? INCH : unit == 2 ? CENTIMETRE : 0);
  }

  /** The density of the picture enlarged. */
  public Density times(int ratio) {
    return metric ? new Density(x * ratio, y * ratio, true) : this;
  }

  /** The density of the picture with rows and columns exchanged. */
  public Density transposed() {
    return new Density(y, x, metric);
  }

  /** Whether JFIF can say more of it than the shape of a pixel. */
  public boolean fitsJfif() {
    return metric && Math.max(x, y) * CENTIMETRE <= MAX_JFIF;
  }

  /** The pHYs chunk. */
  public byte[] phys() {
    double most = Math.max(x, y);
    double scale = most > Integer.MAX_VALUE ? Integer.MAX_VALUE / most : 1;
    boolean whole = metric && scale == 1;
    return ByteBuffer.allocate(9)
        .putInt((int) Math.max(1, Math.round(x * scale)))
        .putInt((int) Math.max(1, Math.round(y * scale)))
        .put((byte) (whole ? 1 : 0))
        .array();
  }

  /** The five bytes of JFIF, unit and both densities: by inch or by centimetre, as is closer. */
  public byte[] jfif() {
    boolean lengths = fitsJfif();
    boolean inches =
        lengths && Math.max(x, y) * INCH <= MAX_JFIF && error(INCH) <= error(CENTIMETRE);
    double scale = lengths ? inches ? INCH : CENTIMETRE : Math.min(1, MAX_JFIF / Math.max(x, y));
    return ByteBuffer.allocate(5)
        .put((byte) (!lengths ? 0 : inches ? 1 : 2))
        .putShort((short) Math.max(1, Math.round(x * scale)))
        .putShort((short) Math.max(1, Math.round(y * scale)))
        .array();
  }

  /** How far rounding to whole numbers by a unit leads off. */
  private double error(double unit) {
    return Math.abs(Math.rint(x * unit) / (x * unit) - 1)
        + Math.abs(Math.rint(y * unit) / (y * unit) - 1);
  }
}
