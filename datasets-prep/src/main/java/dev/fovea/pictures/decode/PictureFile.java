package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.PictureFormat;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.List;
import java.util.Optional;

/**
 * A file whose header and limits have been checked and whose upright size is known, but whose
 * pixels are still to be decoded: whole, or only a region, which for JPEG costs a good deal less.
 * Not safe for use by several threads.
 */
public final class PictureFile {
  /** More than a byte of any format stands for, but for one colour of lossless WebP. */
  private static final long PIXELS_A_BYTE = 8 * PngDecoder.MAX_EXPANSION;

  /**
   * In lossless WebP a picture of one colour takes 28 bytes: this is a page at 400 dots an inch.
   */
  private static final long ONE_COLOUR = 1 << 24;

  /** What may be declared where a frame need not fill it. */
  private static final long CANVAS = 1 << 20;

  private final byte[] bytes;
  private final Limits limits;
  private final Damage damage;
  private final PictureHeader header;

  /** Only for JPEG, where it has read up to the first scan; used up by decoding. */
  private JpegDecoder jpeg;

  /** Only for PNG; likewise. */
  private PngChunks png;

  /** Only for WebP. */
  private final WebpContainer webp;

  private final Orientation orientation;
  private final boolean storesSrgb;
  private final boolean plain;

  private PictureFile(
      byte[] bytes,
      Limits limits,
      Damage damage,
      PictureHeader header,
      JpegDecoder jpeg,
      PngChunks png,
      WebpContainer webp,
      Orientation orientation,
      boolean storesSrgb,
      boolean plain) {
    this.bytes = bytes;
    this.limits = limits;
    this.damage = damage;
    this.header = header;
    this.jpeg = jpeg;
    this.png = png;
    this.webp = webp;
    this.orientation = orientation;
    this.storesSrgb = storesSrgb;
    this.plain = plain;
  }

  /**
   * Checks a file's length, format and declared size.
   *
   * @throws RejectedPictureException if it is of another format, beyond a limit, or damaged so far
   */
  public static PictureFile open(byte[] bytes, Limits limits) throws RejectedPictureException {
    return open(bytes, limits, Damage.REJECT);
  }

  /** The same for a file that may be damaged. */
  public static PictureFile open(byte[] bytes, Limits limits, Damage damage)
      throws RejectedPictureException {
    if (bytes.length > limits.bytes()) {
      throw new RejectedPictureException(
          "%d bytes are more than the limit of %d".formatted(bytes.length, limits.bytes()));
    }
    PictureHeader header = PictureHeader.read(bytes);
    header.requireAtMost(limits.pixels(), "");
    try {
      return open(bytes, limits, damage, header);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw unforeseen(header, e);
    }
  }

  private static PictureFile open(byte[] bytes, Limits limits, Damage damage, PictureHeader header)
      throws RejectedPictureException {
    JpegDecoder jpeg =
        header.format() == PictureFormat.JPEG ? JpegDecoder.open(bytes, limits, damage) : null;
    WebpContainer webp =
        header.format() == PictureFormat.WEBP ? WebpContainer.parse(bytes, limits, damage) : null;
    long free =
        switch (header.format()) {
          case JPEG, PNG -> Long.MAX_VALUE; // Their decoders know better.
          case GIF -> CANVAS;
          case WEBP -> webp.animated() ? CANVAS : ONE_COLOUR;
        };
    if (header.pixels() > Math.max(free, PIXELS_A_BYTE * bytes.length)) {
      throw new RejectedPictureException(
          "%s declares %dx%d pixels, which do not fit into its %d bytes"
              .formatted(header.format(), header.width(), header.height(), bytes.length));
    }
    PngChunks png =
        header.format() == PictureFormat.PNG ? PngChunks.parse(bytes, limits, damage) : null;
    boolean srgb =
        switch (header.format()) {
          case JPEG -> jpeg.storesSrgb();
          case PNG -> Colours.isSrgb(png.metadata(), png.header().grey());
          case WEBP -> Colours.isSrgb(webp.metadata(), false);
          case GIF -> true;
        };
    boolean plain =
        switch (header.format()) {
          case JPEG -> jpeg.plain();
          case PNG -> png.plain();
          case WEBP -> webp.plain();
          case GIF -> true;
        };
    Optional<byte[]> exif =
        switch (header.format()) {
          case JPEG -> jpeg.exif();
          case PNG -> png.metadata().exif();
          case WEBP -> webp.metadata().exif();
          case GIF -> Optional.empty();
        };
    Orientation orientation = exif.map(Orientation::of).orElse(Orientation.UPRIGHT);
    return new PictureFile(
        bytes, limits, damage, header, jpeg, png, webp, orientation, srgb, plain);
  }

  public PictureFormat format() {
    return header.format();
  }

  /** Columns of the upright picture. */
  public int width() {
    return orientation.transposes() ? header.height() : header.width();
  }

  /** Rows of the upright picture. */
  public int height() {
    return orientation.transposes() ? header.width() : header.height();
  }

  /**
   * Whether decoding to sRGB leaves the stored samples as they are: there is no usable profile
   * other than sRGB, and no black ink. Says nothing about bit depth and alpha.
   */
  public boolean storesSrgb() {
    return storesSrgb;
  }

  /**
   * Whether the file says nothing about its pixels that a careless reader would miss: no turn to be
   * applied, no colours other than sRGB or grey, no further frames. Such a file can be handed on as
   * it is, if decoding it has nothing to note. In doubt the answer is no. Alpha is not looked at,
   * which the decoded picture tells.
   */
  public boolean plain() {
    return plain;
  }

  /** Whether the stored rows and columns are those of the upright picture. */
  public boolean upright() {
    return orientation == Orientation.UPRIGHT;
  }

  /**
   * Decodes the first picture of the file and turns it upright.
   *
   * @throws RejectedPictureException if the file is damaged or incomplete
   */
  public Decoded decode(ColourPolicy policy) throws RejectedPictureException {
    try {
      Stored stored =
          switch (header.format()) {
            case JPEG -> freshJpeg().decode();
            case PNG -> PngDecoder.decode(bytes, freshPng(), damage, new Deadline(limits));
            case GIF -> GifDecoder.decode(bytes, limits, damage);
            case WEBP -> WebpDecoder.decode(bytes, webp, header, new Deadline(limits));
          };
      return finished(stored, policy);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw unforeseen(header, e);
    }
  }

  /**
   * Decodes a rectangle of the upright picture; its samples are those of the whole picture. What
   * lies outside is read only as far as needed, and damage there may go unnoticed.
   *
   * @throws RejectedPictureException if the file is damaged or incomplete
   * @throws IllegalArgumentException if the rectangle does not lie inside
   */
  public Decoded decodeRegion(ColourPolicy policy, int x, int y, int width, int height)
      throws RejectedPictureException {
    checkInside(x, y, width, height);
    if (header.format() == PictureFormat.JPEG) {
      Region upright = new Region(x, y, width, height);
      Region stored = orientation.stored(upright, width(), height());
      try {
        return finished(freshJpeg().decode(stored), policy);
      } catch (IndexOutOfBoundsException | ArithmeticException e) {
        throw unforeseen(header, e);
      }
    }
    Decoded whole = decode(policy);
    return new Decoded(
        whole.picture().crop(x, y, width, height), whole.format(), whole.frames(), whole.notes());
  }

  /**
   * Decodes a rectangle of the upright picture at a fraction of its size where the format makes
   * that cheaper (JPEG), else at full size. Pixels are the means of those they stand for.
   *
   * @param factor by which both sides may be divided: 1, 2, 4 or 8
   * @throws RejectedPictureException if the file is damaged or incomplete
   * @throws IllegalArgumentException if the rectangle does not lie inside, or the factor is another
   */
  public ReducedRegion decodeReduced(
      ColourPolicy policy, int x, int y, int width, int height, int factor)
      throws RejectedPictureException {
    JpegScale scale = JpegScale.by(factor);
    if (header.format() != PictureFormat.JPEG) {
      Decoded region = decodeRegion(policy, x, y, width, height);
      return new ReducedRegion(region.picture(), 0, 0, width, height);
    }
    checkInside(x, y, width, height);
    Region stored = orientation.stored(new Region(x, y, width, height), width(), height());
    int left = stored.x() / factor;
    int top = stored.y() / factor;
    Region reduced =
        new Region(left, top, scale.of(stored.right()) - left, scale.of(stored.bottom()) - top);
    Decoded decoded;
    try {
      decoded = finished(freshJpeg().decode(reduced, scale), policy);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw unforeseen(header, e);
    }
    double fromLeft =
        orientation.mirrorsStoredColumns()
            ? reduced.right() - stored.right() / (double) factor
            : stored.x() / (double) factor - left;
    double fromTop =
        orientation.mirrorsStoredRows()
            ? reduced.bottom() - stored.bottom() / (double) factor
            : stored.y() / (double) factor - top;
    return new ReducedRegion(
        decoded.picture(),
        orientation.transposes() ? fromTop : fromLeft,
        orientation.transposes() ? fromLeft : fromTop,
        width / (double) factor,
        height / (double) factor);
  }

  private PngChunks freshPng() throws RejectedPictureException {
    PngChunks fresh = png != null ? png : PngChunks.parse(bytes, limits, damage);
    png = null;
    return fresh;
  }

  private JpegDecoder freshJpeg() throws RejectedPictureException {
    JpegDecoder fresh = jpeg != null ? jpeg : JpegDecoder.open(bytes, limits, damage);
    jpeg = null;
    return fresh;
  }

  /**
   * A file may still find a way that nobody thought of; it must not end a job over millions of
   * them. With assertions enabled, as in tests and under the fuzzer, it is the error that it is.
   */
  private static RejectedPictureException unforeseen(PictureHeader header, RuntimeException e) {
    assert false : e;
    return new RejectedPictureException(
        "%s is damaged in an unforeseen way: %s".formatted(header.format(), e), e);
  }

  private void checkInside(int x, int y, int width, int height) {
    if (x < 0 || y < 0 || width < 1 || height < 1 || x > width() - width || y > height() - height) {
      throw new IllegalArgumentException(
          "rectangle of %dx%d at (%d,%d) does not lie inside a picture of %dx%d"
              .formatted(width, height, x, y, width(), height()));
    }
  }

  private Decoded finished(Stored stored, ColourPolicy policy) {
    List<String> notes = new java.util.ArrayList<>(stored.notes());
    Picture picture = stored.picture();
    picture = picture.withMetadata(picture.metadata().withDensityOfExif());
    Picture upright = orientation.apply(Colours.apply(picture, policy, notes));
    return new Decoded(upright, header.format(), stored.frames(), notes);
  }
}
