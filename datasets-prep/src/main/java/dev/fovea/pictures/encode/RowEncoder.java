package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes one picture, given in bands of whole rows from the top down. What the file contains does
 * not depend on how the rows are cut into bands.
 *
 * <p>The stream that an encoder writes to is neither flushed nor closed. Not safe for use by
 * several threads.
 */
public interface RowEncoder extends Closeable {
  /** Rows that are still to be written. */
  int rowsLeft();

  /**
   * Writes the next rows.
   *
   * @param band of the layout's width, depth and channels; its metadata are not looked at
   * @throws IllegalArgumentException if the band is of another layout or has more rows than are
   *     left
   * @throws IOException if the stream fails; what was written is no whole file then
   */
  void write(Picture band) throws IOException;

  /**
   * Writes the end of the file and frees what the encoder holds; a second call does nothing.
   *
   * @throws IncompletePictureException if rows are missing; the end is not written then
   * @throws IOException if the stream fails
   */
  @Override
  void close() throws IOException;
}
