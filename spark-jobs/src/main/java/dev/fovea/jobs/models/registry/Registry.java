package dev.fovea.jobs.models.registry;

import dev.fovea.jobs.models.store.PinnedCheckpoint;
import dev.fovea.jobs.support.files.LocalFolders;
import dev.fovea.jobs.support.files.NewFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A folder of models in service: decisions {@code 000001.json}, {@code 000002.json} and so on, of
 * which the highest valid one serves, and under {@code models/} copies of the checkpoints they
 * name. Nothing is ever changed or renamed; going back to an earlier model is one more decision.
 *
 * <p>A number is claimed by creating its file where the file system can refuse to create one twice
 * (local disks, HDFS, object stores with conditional writes). On others what was written is read
 * back, and whoever finds the other's decision there takes the next number.
 */
public final class Registry {
  private static final Pattern NAME = Pattern.compile("\\d{6}\\.json");
  private static final int LARGEST_ENTRY = 1 << 20;

  private final Configuration hadoop;
  private final FileSystem fileSystem;
  private final Path folder;
  private final Consumer<String> warnings;

  private Registry(
      Configuration hadoop, FileSystem fileSystem, Path folder, Consumer<String> warnings) {
    this.hadoop = hadoop;
    this.fileSystem = fileSystem;
    this.folder = folder;
    this.warnings = warnings;
  }

  /**
   * The registry in a folder, there or not.
   *
   * @param warnings takes one line for each decision that is passed over
   */
  public static Registry at(Configuration hadoop, Path folder, Consumer<String> warnings)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    return new Registry(hadoop, fileSystem, fileSystem.makeQualified(folder), warnings);
  }

  /**
   * The checkpoint that a path means: of a registry the one in service, of any other path itself.
   *
   * @throws IOException if it is a registry of which no decision is valid
   */
  public static Path checkpoint(Configuration hadoop, Path path, Consumer<String> warnings)
      throws IOException {
    Registry registry = at(hadoop, path, warnings);
    if (registry.numbers().isEmpty()) {
      return path;
    }
    Entry serving =
        registry
            .serving()
            .orElseThrow(
                () -> new IOException("no decision of the registry %s is valid".formatted(path)));
    return registry.checkpoint(serving);
  }

  /** The decision in force: the highest that can be read and whose checkpoint is there. */
  public Optional<Entry> serving() throws IOException {
    List<Integer> numbers = numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Optional<Entry> entry = valid(numbers.get(i));
      if (entry.isPresent()) {
        if (i < numbers.size() - 1) {
          warnings.accept(
              "registry %s is damaged: number %d was decided last, but number %d, %s, serves"
                  .formatted(
                      folder,
                      numbers.get(numbers.size() - 1),
                      numbers.get(i),
                      entry.get().model()));
        }
        return entry;
      }
    }
    return Optional.empty();
  }

  /** The number of the last decision, valid or not; 0 where there is none. */
  public int newest() throws IOException {
    return numbers().stream().max(Comparator.naturalOrder()).orElse(0);
  }

  /** All valid decisions, in order. */
  public List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int number : numbers()) {
      valid(number).ifPresent(entries::add);
    }
    return entries;
  }

  /** Where the checkpoint of a decision lies. */
  public Path checkpoint(Entry entry) {
    return new Path(folder, entry.model());
  }

  /** The path, below the registry's folder, of a copy of the checkpoint, made if it is missing. */
  public String keep(PinnedCheckpoint checkpoint) throws IOException {
    String run = checkpoint.state().runId().replaceAll("[^A-Za-z0-9_-]", "_");
    Path models = new Path(folder, "models/" + run);
    PinnedCheckpoint copy = checkpoint.copyTo(hadoop, models);
    return "models/%s/%s".formatted(run, copy.path().getName());
  }

  /** Makes a decision of a number, which it is given when it is written. */
  @FunctionalInterface
  public interface Numbered {
    Entry at(int number);
  }

  /** Writes a decision under the next free number. */
  public Entry append(Numbered decision) throws IOException {
    fileSystem.mkdirs(folder);
    while (true) {
      int number = newest() + 1;
      Entry entry = decision.at(number);
      byte[] json = EntryFormat.write(entry);
      if (claim(file(number), json) && Arrays.equals(bytes(file(number)), json)) {
        return entry;
      }
    }
  }

  private boolean claim(Path file, byte[] json) throws IOException {
    // Hadoop's own local file system looks first and creates then.
    if ("file".equals(fileSystem.getUri().getScheme())) {
      try {
        java.nio.file.Files.write(
            java.nio.file.Path.of(file.toUri().getPath()),
            json,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DSYNC);
        LocalFolders.forceNames(file);
        return true;
      } catch (java.nio.file.FileAlreadyExistsException e) {
        return false;
      }
    }
    try (FSDataOutputStream out = NewFile.create(fileSystem, file)) {
      out.write(json);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
      return true;
    } catch (IOException e) {
      if (NewFile.exists(e)) {
        return false;
      }
      throw e;
    }
  }

  private Optional<Entry> valid(int number) throws IOException {
    String fault;
    try {
      Entry entry = EntryFormat.read(bytes(file(number)));
      Optional<String> found = PinnedCheckpoint.manifestSha256(hadoop, checkpoint(entry));
      if (entry.number() != number) {
        fault = "it says that its number is " + entry.number();
      } else if (found.isEmpty()) {
        fault = "its checkpoint %s is missing".formatted(entry.model());
      } else if (!found.get().equals(entry.manifestSha256())) {
        fault = "its checkpoint %s is another one than it was".formatted(entry.model());
      } else {
        return Optional.of(entry);
      }
    } catch (NotAnEntryException e) {
      fault = e.getMessage();
    }
    warnings.accept("registry decision %s is passed over: %s".formatted(file(number), fault));
    return Optional.empty();
  }

  private byte[] bytes(Path file) throws IOException {
    try (InputStream in = fileSystem.open(file)) {
      return in.readNBytes(LARGEST_ENTRY);
    }
  }

  private List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    FileStatus[] statuses;
    try {
      statuses = fileSystem.listStatus(folder);
    } catch (FileNotFoundException e) {
      return numbers;
    }
    for (FileStatus status : statuses) {
      String name = status.getPath().getName();
      if (status.isFile() && NAME.matcher(name).matches()) {
        numbers.add(Integer.parseInt(name.substring(0, 6)));
      }
    }
    numbers.sort(Comparator.naturalOrder());
    return numbers;
  }

  private Path file(int number) {
    return new Path(folder, String.format(Locale.ROOT, "%06d.json", number));
  }
}
