package dev.fovea.jobs.data.listing;

import java.util.Locale;
import java.util.Set;

/**
 * Which files of a folder count as its pictures, the same for all jobs.
 *
 * <p>Every file counts, whatever its name: what it is shows its content. Left out are only what
 * Fovea and Hadoop write themselves, folders that begin with a dot, and files that begin with one
 * and are no pictures by their extension ({@code .DS_Store}), or are the Mac's {@code ._} shadows
 * of other files. Names that begin with an underscore are pictures like others: cameras write
 * {@code _DSC0001.JPG}.
 */
final class PictureNames {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp");
  private static final Set<String> OURS = Set.of("_fovea", "_temporary", "_SUCCESS");

  private PictureNames() {}

  static boolean isHiddenFolder(String name) {
    return name.startsWith(".") || OURS.contains(name);
  }

  static boolean isHiddenFile(String name) {
    if (!name.startsWith(".")) {
      return OURS.contains(name);
    }
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.startsWith("._") || !EXTENSIONS.contains(extension);
  }
}
