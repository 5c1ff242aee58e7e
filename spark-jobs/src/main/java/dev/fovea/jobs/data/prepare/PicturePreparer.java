package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.prepare.PreparedPicture.Kept;
import dev.fovea.jobs.data.prepare.PreparedPicture.Rejected;
import dev.fovea.jobs.data.prepare.PreparedPicture.Storage;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.pictures.decode.Decoded;
import dev.fovea.pictures.decode.PictureFile;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.fingerprint.Fingerprint;
import dev.fovea.pictures.fingerprint.PerceptualHash;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.PictureFormat;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Reads a file, decodes it whole and makes rows of it. Safe for use by several threads. */
final class PicturePreparer {
  /** Of heap for a pixel in work: decoded, its PNG, and the decoder's own. */
  private static final int BYTES_PER_PIXEL = 16;

  private static final HeapBudget HEAP = HeapBudget.ofHeap(0.5);

  private final Configuration configuration;
  private final Limits limits;
  private final OptionalInt subImageSize;

  PicturePreparer(Configuration configuration, Limits limits, OptionalInt subImageSize) {
    this.configuration = configuration;
    this.limits = limits;
    this.subImageSize = subImageSize;
  }

  /**
   * @throws IOException if the file cannot be read for a reason that is not the file's own
   */
  @SuppressWarnings("try") // the heap is held, not used by name
  PreparedPicture prepare(InputFile file) throws IOException, InterruptedException {
    try {
      byte[] bytes = read(file);
      PictureHeader.read(bytes)
          .requireAtMost(limits.pixels(), "; %s allows more".formatted(Setting.MAX_MEGAPIXELS));
      PictureFile opened = PictureFile.open(bytes, limits);
      long pixels = (long) opened.width() * opened.height();
      try (HeapBudget.Held room = HEAP.take(BYTES_PER_PIXEL * pixels)) {
        return rows(file.path(), bytes, opened);
      }
    } catch (RejectedPictureException e) {
      return new Rejected(new Rejection(file.path(), String.valueOf(e.getMessage())));
    } catch (OutOfMemoryError e) {
      return new Rejected(
          new Rejection(file.path(), "takes more memory than the heap has: " + e.getMessage()));
    } catch (RuntimeException e) {
      // A decoder that stumbles over one file in a million must not cost the others.
      return new Rejected(new Rejection(file.path(), "cannot be decoded: " + e));
    }
  }

  private Kept rows(String path, byte[] bytes, PictureFile opened) throws RejectedPictureException {
    Decoded decoded = opened.decode(ColourPolicy.SRGB);
    Picture picture = decoded.picture();
    long pixels = (long) picture.width() * picture.height();
    Picture opaque =
        Picture.plain(picture.width(), picture.height(), picture.grey(), picture.samples());
    String sha256 = Sha256.hex(bytes);
    List<Fingerprint> fingerprints = new ArrayList<>();
    fingerprints.add(new Fingerprint(path, sha256, PerceptualHash.of(opaque)));
    if (subImageSize.isPresent()) {
      List<Tile> tiles = Tile.cut(picture.width(), picture.height(), subImageSize.getAsInt());
      if (tiles.size() > 1) {
        List<ShardRow> rows = new ArrayList<>();
        for (Tile tile : tiles) {
          Picture part = opaque.crop(tile.x(), tile.y(), tile.width(), tile.height());
          ShardRow row = png(path + tile.fragment(), part);
          rows.add(row);
          fingerprints.add(new Fingerprint(row.path(), row.sha256(), PerceptualHash.of(part)));
        }
        return new Kept(rows, pixels, Storage.REENCODED, fingerprints);
      }
    }
    if (isStorable(opened, decoded)) {
      ShardRow row =
          new ShardRow(
              path, sha256, picture.width(), picture.height(), decoded.format().name(), bytes);
      return new Kept(List.of(row), pixels, Storage.ORIGINAL, fingerprints);
    }
    return new Kept(List.of(png(path, opaque)), pixels, Storage.REENCODED, fingerprints);
  }

  /** Whether any reader gets the picture from the bytes, and not only one that minds everything. */
  private static boolean isStorable(PictureFile opened, Decoded decoded) {
    return decoded.picture().alpha().isEmpty() && decoded.notes().isEmpty() && opened.plain();
  }

  private static ShardRow png(String path, Picture picture) {
    byte[] bytes = PngEncoder.encode(picture);
    return new ShardRow(
        path,
        Sha256.hex(bytes),
        picture.width(),
        picture.height(),
        PictureFormat.PNG.name(),
        bytes);
  }

  private byte[] read(InputFile file) throws IOException {
    if (file.length() > limits.bytes()) {
      throw new RejectedPictureException(
          "%d bytes are more than the limit of %d".formatted(file.length(), limits.bytes()));
    }
    Path path = new Path(file.path());
    try (InputStream in = InputStreams.open(configuration, path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException | AccessControlException e) {
      throw new RejectedPictureException("cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      if (InputStreams.isLocal(path)) {
        throw new RejectedPictureException("cannot be read: " + e.getMessage(), e);
      }
      // A network's fault must not decide what is trained on: the task fails and is tried again.
      throw new IOException("%s cannot be read: %s".formatted(path, e.getMessage()), e);
    }
  }
}
