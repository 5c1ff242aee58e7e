package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;

/**
 * Decodes JPEG, PNG, GIF and WEBP by content, in plain Java: a file can neither crash the process
 * nor make it allocate beyond the limits. Stateless and safe for use by several threads.
 *
 * <p>EXIF orientation is applied in every format. Of animations the first frame is read. ICC
 * profiles and PNG's own cICP, gAMA and cHRM are applied by policy. CMYK becomes sRGB.
 */
public final class PictureDecoder {
  private PictureDecoder() {}

  /**
   * Decodes the first picture of a file and turns it upright.
   *
   * @throws RejectedPictureException if the file is damaged, incomplete, of another format, or
   *     beyond a limit
   */
  public static Decoded decode(byte[] bytes, Limits limits, ColourPolicy policy)
      throws RejectedPictureException {
    return decode(bytes, limits, policy, Damage.REJECT);
  }

  /**
   * The same for a file that may be damaged.
   *
   * @throws RejectedPictureException if the file is of another format, beyond a limit, or so
   *     damaged that nothing of it can be shown
   */
  public static Decoded decode(byte[] bytes, Limits limits, ColourPolicy policy, Damage damage)
      throws RejectedPictureException {
    return PictureFile.open(bytes, limits, damage).decode(policy);
  }
}
