package dev.fovea.jobs.data.listing;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;

/**
 * Expands globs of this machine's files, with Hadoop's syntax. Its own expansion stops at names
 * with a colon, such as those of pictures named after the time they were taken.
 */
final class LocalGlob {
  private LocalGlob() {}

  /**
   * What a glob matches, sorted; folders that may not be listed match nothing.
   *
   * @param glob an absolute path
   * @throws IOException if it is no glob
   */
  static SortedSet<Path> matches(String glob) throws IOException {
    SortedSet<Path> all = new TreeSet<>();
    for (String one : GlobExpander.expand(glob)) {
      List<Path> found = List.of(Path.of("/"));
      for (String part : one.split("/", -1)) {
        if (!part.isEmpty()) {
          found = below(found, part);
        }
      }
      all.addAll(found);
    }
    return all;
  }

  private static List<Path> below(List<Path> folders, String part) throws IOException {
    GlobFilter filter = new GlobFilter(part);
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      if (!filter.hasPattern()) {
        Path named = folder.resolve(part.replaceAll("\\\\(.)", "$1"));
        if (Files.exists(named)) {
          found.add(named);
        }
      } else if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
          for (Path entry : entries) {
            if (filter.accept(hadoop(entry))) {
              found.add(entry);
            }
          }
        } catch (AccessDeniedException e) {
          // What may not be listed matches nothing.
        }
      }
    }
    return found;
  }

  /** Not by Hadoop's parsing, which takes colons for schemes. */
  static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path("file", null, path.toString());
  }
}
