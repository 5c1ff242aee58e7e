package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.data.listing.FolderNames;
import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.data.listing.InputListing;
import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.data.shard.ShardRows;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ByteOrderMark;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * All pictures to be upscaled, each with the name of its output.
 *
 * <p>Below the output root the folders are those below the folder that was asked for; of a glob,
 * below its part without wildcards; of a list of files and of shards, below the deepest folder that
 * holds all of them. Where several folders are asked for, each has one of its own name, with as
 * much of its path as tells it from the others.
 *
 * @param items sorted by path, every output once
 * @param rejected what cannot be listed, or would have the output of another
 * @param leftOut folders of results of Fovea, in one line each
 */
record ArchiveInputs(List<ArchiveItem> items, List<Rejected> rejected, List<String> leftOut) {
  /**
   * Lists.
   *
   * @throws UsageException if a path does not exist, or there is nothing
   */
  static ArchiveInputs of(
      Configuration configuration, ArchiveSettings settings, Path output, OutputNames names)
      throws IOException {
    Collector all = new Collector(names);
    List<String> folders = new ArrayList<>();
    for (String path : settings.imagesPaths()) {
      Optional<ShardManifest> shards = shards(configuration, path);
      if (shards.isPresent()) {
        all.addShards(configuration, new Path(path), shards.get());
      } else {
        folders.add(path);
      }
    }
    if (!folders.isEmpty()) {
      all.addListing(InputListing.of(configuration, Setting.IMAGES_PATH, folders, output));
    }
    if (settings.imagesList().isPresent()) {
      all.addList(configuration, settings.imagesList().get());
    }
    return all.inputs(configuration, output);
  }

  private static Optional<ShardManifest> shards(Configuration configuration, String text)
      throws IOException {
    try {
      return new ShardFolder(configuration, new Path(text)).manifest();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // The listing says what is wrong with it.
    } catch (IOException e) {
      if (e instanceof dev.fovea.jobs.data.shard.ShardException) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static final class Collector {
    private final OutputNames names;
    private final Map<String, ArchiveItem> items = new TreeMap<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    Collector(OutputNames names) {
      this.names = names;
    }

    void addListing(InputListing listing) {
      leftOut.addAll(listing.leftOut());
      Set<String> roots = new HashSet<>();
      listing.files().forEach(file -> roots.add(file.root()));
      Map<String, String> distinct = FolderNames.distinct(roots);
      for (InputFile file : listing.files()) {
        String relative = below(file.root(), file.path());
        String prefix = roots.size() > 1 ? distinct.get(file.root()) + "/" : "";
        add(file, names.of(prefix + relative, file.path()));
      }
      for (Rejection folder : listing.unreadable()) {
        rejected.add(new Rejected(folder.path(), folder.reason(), 0));
      }
    }

    void addList(Configuration configuration, String list) throws IOException {
      List<InputFile> files = new ArrayList<>();
      for (String line : listed(configuration, list)) {
        try {
          Optional<String> named = named(configuration, line);
          if (named.isEmpty()) {
            continue;
          }
          Path given = InputStreams.path(named.get());
          FileSystem fileSystem = given.getFileSystem(configuration);
          FileStatus status = fileSystem.getFileStatus(given);
          String path = fileSystem.makeQualified(given).toString();
          if (status.isDirectory()) {
            rejected.add(new Rejected(path, "it is a folder; a list names files", 0));
          } else {
            files.add(new InputFile(path, status.getLen(), status.getModificationTime(), ""));
          }
        } catch (FileNotFoundException e) {
          rejected.add(new Rejected(line, "there is no such file", 0));
        } catch (IOException | IllegalArgumentException e) {
          rejected.add(new Rejected(line, "cannot be read: " + e.getMessage(), 0));
        }
      }
      String root = commonFolder(files.stream().map(InputFile::path).toList());
      files.forEach(file -> add(file, names.of(below(root, file.path()), file.path())));
    }

    /** What a line names where there is no file of that very name; nothing for a comment. */
    private static Optional<String> named(Configuration configuration, String line)
        throws IOException {
      boolean quoted = line.length() > 2 && line.startsWith("\"") && line.endsWith("\"");
      if (!quoted && !line.startsWith("#")) {
        return Optional.of(line);
      }
      Path path = InputStreams.path(line);
      if (path.getFileSystem(configuration).exists(path)) {
        return Optional.of(line);
      }
      return quoted ? Optional.of(line.substring(1, line.length() - 1)) : Optional.empty();
    }

    void addShards(Configuration configuration, Path folder, ShardManifest manifest)
        throws IOException {
      Map<String, List<List<String>>> paths = new TreeMap<>();
      List<String> all = new ArrayList<>();
      for (ShardManifest.Shard shard : manifest.shards()) {
        Path path =
            folder.getFileSystem(configuration).makeQualified(new Path(folder, shard.name()));
        List<List<String>> groups = ShardRows.paths(configuration, path);
        paths.put(path.toString(), groups);
        groups.forEach(all::addAll);
      }
      String root = commonFolder(all.stream().map(Collector::withoutFragment).toList());
      paths.forEach(
          (shard, groups) -> {
            for (int group = 0; group < groups.size(); group++) {
              for (int row = 0; row < groups.get(group).size(); row++) {
                String path = groups.get(group).get(row);
                String file = below(root, withoutFragment(path));
                String output = names.of(withFragment(file, path), withoutFragment(path));
                add(ArchiveItem.ofRow(path, output, shard, group, row));
              }
            }
          });
    }

    private void add(InputFile file, String output) {
      add(ArchiveItem.ofFile(file.path(), file.length(), file.modified(), output));
    }

    private void add(ArchiveItem item) {
      items.putIfAbsent(item.path(), item);
    }

    ArchiveInputs inputs(Configuration configuration, Path output) throws IOException {
      OwnInputs own =
          new OwnInputs(
              output, items.keySet(), items.values().stream().map(ArchiveItem::output).toList());
      boolean blind = namesDifferInCase() && Writable.ignoresCase(configuration, output);
      Map<String, String> taken = new HashMap<>();
      List<ArchiveItem> kept = new ArrayList<>();
      for (ArchiveItem item : items.values()) {
        if (own.contains(item.output())) {
          rejected.add(
              new Rejected(
                  item.path(),
                  "its output %s is an input of this job; %s or %s can tell them apart"
                      .formatted(item.output(), Setting.OUTPUT_PATH, Setting.OUTPUT_NAME),
                  0));
          continue;
        }
        String other =
            taken.putIfAbsent(blind ? folded(item.output()) : item.output(), item.path());
        if (other == null) {
          kept.add(item);
        } else {
          rejected.add(
              new Rejected(
                  item.path(),
                  "its output %s is that of %s%s; %s can tell them apart"
                      .formatted(
                          item.output(),
                          other,
                          blind ? ", as the output path does not tell names by their case" : "",
                          Setting.OUTPUT_NAME),
                  0));
        }
      }
      return new ArchiveInputs(kept, rejected, leftOut);
    }

    private boolean namesDifferInCase() {
      Set<String> exact = new HashSet<>();
      Set<String> folded = new HashSet<>();
      for (ArchiveItem item : items.values()) {
        exact.add(item.output());
        folded.add(folded(item.output()));
      }
      return folded.size() < exact.size();
    }

    /** Such file systems look through the ways of writing an accented letter as well. */
    private static String folded(String name) {
      return Normalizer.normalize(
          name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    private static List<String> listed(Configuration configuration, String list)
        throws IOException {
      try {
        Path path = InputStreams.path(list);
        Path qualified = path.getFileSystem(configuration).makeQualified(path);
        try (InputStream in = InputStreams.openAny(configuration, qualified)) {
          return ByteOrderMark.stripped(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
        }
      } catch (FileNotFoundException e) {
        throw new UsageException(Setting.IMAGES_LIST, list, "there is no such file");
      } catch (IOException | IllegalArgumentException e) {
        throw new UsageException(Setting.IMAGES_LIST, list, "it cannot be read: " + e.getMessage());
      }
    }

    private static String below(String root, String path) {
      String folder = root.endsWith("/") ? root : root + "/";
      return path.startsWith(folder) ? path.substring(folder.length()) : lastName(path);
    }

    private static String lastName(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The deepest folder that holds all of them. */
    private static String commonFolder(List<String> paths) {
      String common = null;
      for (String path : paths) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        if (common == null) {
          common = folder;
        }
        while (!folder.startsWith(common)) {
          common = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
        }
      }
      return common == null ? "" : common;
    }

    private static String withoutFragment(String path) {
      int fragment = path.lastIndexOf("#xywh=");
      return fragment < 0 ? path : path.substring(0, fragment);
    }

    /** {@code a/b.jpg} and {@code #xywh=0,480,480,480} become {@code a/b_0_480_480_480.jpg}. */
    private static String withFragment(String file, String path) {
      int fragment = path.lastIndexOf("#xywh=");
      if (fragment < 0) {
        return file;
      }
      String place = "_" + path.substring(fragment + "#xywh=".length()).replace(',', '_');
      int dot = file.lastIndexOf('.');
      return dot > file.lastIndexOf('/') + 1
          ? file.substring(0, dot) + place + file.substring(dot)
          : file + place;
    }
  }
}
