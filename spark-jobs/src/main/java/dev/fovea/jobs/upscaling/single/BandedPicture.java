package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.TilePlan.Core;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import dev.fovea.jobs.upscaling.single.TiledUpscaler.Rectangle;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A picture that is upscaled in bands: rows of tiles, each of which becomes whole rows of the
 * result that can be written before the next band is begun. Tiles of a band may be finished by
 * several threads.
 */
public final class BandedPicture {
  /** Heap that the samples of one band may take, unless a single row of tiles needs more. */
  private static final long BAND_BYTES = 128L << 20;

  /** Pixels beyond a band that bicubic enlarging of alpha looks at. */
  private static final int ALPHA_MARGIN = 4;

  private final Picture low;
  private final int ratio;
  private final int depth;
  private final TilePlan plan;
  private final List<List<Tile>> rows;
  private final Receiver receiver;
  private final AtomicInteger halvings = new AtomicInteger();
  private volatile boolean dropped;
  private int begun;

  /** Takes bands whose last tile has been finished, on the thread that finished it. */
  @FunctionalInterface
  public interface Receiver {
    void bandFinished(Band band);
  }

  /**
   * @param bitDepth of the result, 8 or 16
   */
  public BandedPicture(
      Picture low, int upscaleRatio, int bitDepth, Tiling tiling, Receiver receiver) {
    this.low = low;
    this.ratio = upscaleRatio;
    this.depth = bitDepth;
    this.receiver = receiver;
    int coreRows = coreRows(low.width(), low.channels(), bitDepth, upscaleRatio);
    plan = tiling.evenPlan(low.height(), low.width(), coreRows);
    rows = new ArrayList<>();
    int at = -1;
    for (Tile tile : plan.tiles()) {
      if (tile.core().y() != at) {
        at = tile.core().y();
        rows.add(new ArrayList<>());
      }
      rows.get(rows.size() - 1).add(tile);
    }
  }

  /** Heap that a band of a picture takes at most, in bytes. */
  public static long bandBytes(
      int width, int height, int channels, int bitDepth, int upscaleRatio) {
    long perRow = rowBytes(width, channels, bitDepth, upscaleRatio);
    return perRow * Math.min(height, coreRows(width, channels, bitDepth, upscaleRatio));
  }

  private static int coreRows(int width, int channels, int bitDepth, int ratio) {
    long perRow = rowBytes(width, channels, bitDepth, ratio);
    long mostSamples = Integer.MAX_VALUE / 2;
    long affordable = Math.max(32, BAND_BYTES / perRow);
    return (int) Math.max(1, Math.min(affordable, mostSamples / perRow));
  }

  private static long rowBytes(int width, int channels, int bitDepth, int ratio) {
    return (long) width * ratio * ratio * channels * bitDepth / 8;
  }

  public Picture low() {
    return low;
  }

  /** All tiles have this height. */
  int tileHeight() {
    return plan.tileHeight();
  }

  /** All tiles have this width. */
  int tileWidth() {
    return plan.tileWidth();
  }

  public int bands() {
    return rows.size();
  }

  /** How often memory did not suffice for its tiles. */
  public int halvings() {
    return halvings.get();
  }

  /** Says that nobody wants the result any more: tiles that have not been begun are left out. */
  public void drop() {
    dropped = true;
  }

  boolean dropped() {
    return dropped;
  }

  /** The next band to be computed, from the top; nothing where all have been begun. */
  synchronized Optional<Band> begin() {
    if (begun == rows.size()) {
      return Optional.empty();
    }
    return Optional.of(new Band(begun++));
  }

  /** Whole rows of the result in the making. */
  public final class Band {
    private final int index;
    private final int top;
    private final int height;
    private final SampleBuffer buffer;
    private final AtomicInteger left;

    Band(int index) {
      this.index = index;
      List<Tile> tiles = rows.get(index);
      Core core = tiles.get(0).core();
      top = core.y();
      height = core.height();
      left = new AtomicInteger(tiles.size());
      buffer =
          SampleBuffer.of(
              depth, Math.multiplyExact(height * ratio * low.channels(), low.width() * ratio));
    }

    /** Number of the band, the uppermost being 0. */
    public int index() {
      return index;
    }

    /** Pixels of the low resolution that the band was made of. */
    public long lowPixels() {
      return (long) height * low.width();
    }

    BandedPicture picture() {
      return BandedPicture.this;
    }

    List<Tile> tiles() {
      return rows.get(index);
    }

    /**
     * Takes the result of one of its tiles.
     *
     * @param high planar RGB of the whole tile, from {@code offset} on
     */
    void finish(Tile tile, float[] high) {
      Core core = tile.core();
      Rectangle rectangle =
          new Rectangle(
              high,
              tileHeight() * ratio,
              tileWidth() * ratio,
              (core.y() - tile.y()) * ratio,
              (core.x() - tile.x()) * ratio,
              core.height() * ratio,
              core.width() * ratio);
      int x = core.x() * ratio;
      if (low.grey()) {
        PictureUpscaler.putLuma(rectangle, buffer, 0, x, low.width() * ratio);
      } else {
        PictureUpscaler.putColours(rectangle, buffer, 0, x, low.width() * ratio);
      }
      if (left.decrementAndGet() == 0) {
        receiver.bandFinished(this);
      }
    }

    void countHalvings(int count) {
      halvings.addAndGet(count);
    }

    /** The finished rows, with alpha, without metadata. */
    public Picture rows() {
      return new Picture(
          low.width() * ratio,
          height * ratio,
          low.grey(),
          buffer.samples(),
          low.alpha().map(this::enlarged),
          Metadata.NONE);
    }

    private Samples enlarged(Samples alpha) {
      int from = Math.max(0, top - ALPHA_MARGIN);
      int to = Math.min(low.height(), top + height + ALPHA_MARGIN);
      int width = low.width();
      Samples window = alpha.window(from * width, (to - from) * width, 0, 1);
      Picture plane = Picture.plain(width, to - from, true, depth == 8 ? window.toBytes() : window);
      Picture large = Bicubic.upscaled(plane, ratio);
      return large
          .samples()
          .window((top - from) * ratio * width * ratio, height * ratio * width * ratio, 0, 1);
    }
  }
}
