package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.pictures.fingerprint.Fingerprint;
import java.util.List;

/** What became of a file. */
sealed interface PreparedPicture {

  /**
   * A picture, as a row or as several sub-images.
   *
   * @param pixels of the whole picture
   * @param storage whether the rows hold the file as it was
   * @param fingerprints of the whole picture and of its sub-images
   */
  record Kept(List<ShardRow> rows, long pixels, Storage storage, List<Fingerprint> fingerprints)
      implements PreparedPicture {
    public Kept {
      rows = List.copyOf(rows);
      fingerprints = List.copyOf(fingerprints);
    }
  }

  /** A file that is no picture, or none that can be used. */
  record Rejected(Rejection rejection) implements PreparedPicture {}

  /** What the rows hold. */
  enum Storage {
    ORIGINAL,
    REENCODED
  }
}
