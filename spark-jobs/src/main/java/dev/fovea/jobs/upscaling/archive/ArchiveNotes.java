package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.support.files.WholeFile;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What jobs write down beside their pictures, in {@code _fovea} of the output root: what settings
 * the root belongs to, and for each run a folder with its manifest, {@code part-NNNNNN.jsonl} for
 * each chunk.
 */
final class ArchiveNotes {
  private static final String OWNER = "upscale.json";
  private static final String RUN = "run.json";
  private static final String ALIVE = "alive";

  /** To the millisecond: of two runs within a second the later must sort last. */
  private static final DateTimeFormatter RUN_START =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Stands for an output that was begun and of which nothing else is known. */
  private static final String BEGUN = "begun";

  private static final int READERS = 8;
  private static final int OWNER_MILLIS = 10_000;

  /** A run that has not shown a sign of life for so long is dead. */
  private static final long DEAD_MILLIS = 10 * 60 * 1000L;

  private final Configuration configuration;
  private final Path root;
  private final Path notes;

  ArchiveNotes(Configuration configuration, Path root) {
    this.configuration = configuration;
    this.root = root;
    notes = new Path(root, "_fovea");
  }

  /** What a root belongs to, and what a run was. */
  record Owner(Map<String, String> settings, String fingerprint) {
    static Owner of(Map<String, String> settings) {
      String text = ArchiveJson.line(settings);
      return new Owner(settings, Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** An id for a run, by which runs sort in the order of their starts. */
  static String newRun(Instant start) {
    return RUN_START.format(start) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  Path runFolder(String run) {
    return new Path(notes, run);
  }

  /**
   * Makes the root belong to the settings. Whoever has the same settings writes the same bytes, so
   * that several jobs may do so at once.
   *
   * @throws UsageException if it belongs to others and is not to be taken from them
   */
  void claim(Owner owner, Existing existing) throws IOException {
    Optional<Owner> found = owner();
    if (found.isEmpty()) {
      try (OutputStream out = files().create(new Path(notes, OWNER), false)) {
        out.write(bytes(List.of(ArchiveJson.line(owner))));
      } catch (FileAlreadyExistsException e) {
        found = ownerBeingWritten();
        if (found.isEmpty()) {
          write(new Path(notes, OWNER), List.of(ArchiveJson.line(owner))); // Its writer has died.
        }
      } catch (IOException e) {
        throw new UsageException(
            Setting.OUTPUT_PATH, root, "it cannot be written: " + e.getMessage());
      }
      found = owner();
    }
    if (found.isPresent() && !found.get().fingerprint().equals(owner.fingerprint())) {
      if (existing == Existing.KEEP) {
        throw new UsageException(
            Setting.OUTPUT_PATH,
            root,
            "it holds pictures %s; %s replaces them"
                .formatted(
                    difference(found.get().settings(), owner.settings()), Setting.OVERWRITE));
      }
      write(new Path(notes, OWNER), List.of(ArchiveJson.line(owner)));
    }
  }

  /** Another job that was a moment earlier may not have closed the file yet. */
  private Optional<Owner> ownerBeingWritten() throws IOException {
    Optional<Owner> found = owner();
    try {
      for (int waited = 0; found.isEmpty() && waited < OWNER_MILLIS; waited += OWNER_MILLIS / 50) {
        TimeUnit.MILLISECONDS.sleep(OWNER_MILLIS / 50);
        found = owner();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }

  /** What the root belongs to. */
  Optional<Owner> owner() throws IOException {
    return lines(new Path(notes, OWNER)).stream()
        .findFirst()
        .flatMap(line -> ArchiveJson.parse(line, Owner.class));
  }

  void begin(String run, Owner owner) throws IOException {
    write(new Path(runFolder(run), RUN), List.of(ArchiveJson.line(owner)));
    showAlive(run);
  }

  void showAlive(String run) throws IOException {
    write(new Path(runFolder(run), ALIVE), List.of("alive"));
  }

  /** Deletes what a run has not finished, and what runs left that have died. */
  void sweep(String run) throws IOException {
    long now = files().getFileStatus(new Path(runFolder(run), ALIVE)).getModificationTime();
    for (FileStatus other : runs()) {
      String name = other.getPath().getName();
      boolean dead = name.equals(run);
      try {
        Path sign = new Path(other.getPath(), ALIVE);
        dead |= now - files().getFileStatus(sign).getModificationTime() > DEAD_MILLIS;
      } catch (FileNotFoundException e) {
        dead = true;
      }
      if (dead) {
        files().delete(new Path(other.getPath(), "unfinished"), true);
      }
    }
  }

  void end(String run) throws IOException {
    sweep(run);
    files().delete(new Path(runFolder(run), ALIVE), false);
  }

  /**
   * What earlier runs made, by output: lines of their manifests, of which the latest counts. For
   * what a run had begun when it died the line is {@value #BEGUN}.
   */
  Map<String, String> made() throws IOException {
    Map<String, String> made = new HashMap<>();
    for (FileStatus run : runs()) {
      for (List<String> names : all(files(run.getPath(), "begun-\\w+\\.jsonl"))) {
        names(names).forEach(name -> made.putIfAbsent(name, BEGUN));
      }
      for (List<String> lines : all(files(run.getPath(), "part-\\w+\\.jsonl"))) {
        lines.forEach(line -> output(line).ifPresent(output -> made.put(output, line)));
      }
    }
    return made;
  }

  /** The outputs that a run has begun to write for a part of its manifest. */
  List<String> begun(String run, String part) throws IOException {
    return names(lines(begunPath(run, part)));
  }

  /** Notes which outputs a run is about to write, so that they are known if it dies. */
  void writeBegun(String run, String part, List<String> outputs) throws IOException {
    write(begunPath(run, part), outputs.stream().map(ArchiveJson::line).toList());
  }

  /** A name may hold a line break; what a dying run left of its last line is none. */
  private static List<String> names(List<String> lines) {
    return lines.stream().flatMap(line -> ArchiveJson.parse(line, String.class).stream()).toList();
  }

  /** On an object store a file costs round trips and no computing. */
  private List<List<String>> all(List<FileStatus> parts) throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<List<String>>> reading = new ArrayList<>();
      for (FileStatus part : parts) {
        reading.add(readers.submit(() -> lines(part.getPath())));
      }
      List<List<String>> all = new ArrayList<>();
      for (Future<List<String>> part : reading) {
        all.add(part.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while manifests were read", e);
    } finally {
      readers.shutdownNow();
    }
  }

  private static Optional<String> output(String line) {
    Optional<Outcome> outcome = ArchiveJson.parse(line, Outcome.class);
    if (outcome.isPresent() && outcome.get() instanceof Upscaled done && done.output() != null) {
      return Optional.of(done.output().path());
    }
    if (outcome.isPresent() && outcome.get() instanceof Skipped done && done.output() != null) {
      return Optional.of(done.output().path());
    }
    return Optional.empty();
  }

  void writePart(String run, String part, List<String> lines) throws IOException {
    write(partPath(run, part), lines);
    files().delete(begunPath(run, part), false);
  }

  /** The lines of a part, if it is there with as many as it must have. */
  Optional<List<String>> part(String run, String part, int count) throws IOException {
    List<String> lines = lines(partPath(run, part));
    boolean whole =
        lines.size() == count
            && lines.stream().allMatch(line -> ArchiveJson.parse(line, Outcome.class).isPresent());
    return whole ? Optional.of(lines) : Optional.empty();
  }

  static String partName(int number) {
    return String.format(Locale.ROOT, "%06d", number);
  }

  void write(Path path, List<String> lines) throws IOException {
    WholeFile.write(configuration, path, bytes(lines));
  }

  private Path partPath(String run, String part) {
    return new Path(runFolder(run), "part-" + part + ".jsonl");
  }

  private Path begunPath(String run, String part) {
    return new Path(runFolder(run), "begun-" + part + ".jsonl");
  }

  private List<FileStatus> runs() throws IOException {
    try {
      return Arrays.stream(files().listStatus(notes))
          .filter(FileStatus::isDirectory)
          .sorted(Comparator.comparing(status -> status.getPath().getName()))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private List<FileStatus> files(Path run, String pattern) throws IOException {
    return Arrays.stream(files().listStatus(run))
        .filter(status -> status.getPath().getName().matches(pattern))
        .sorted(Comparator.comparing(status -> status.getPath().getName()))
        .toList();
  }

  private List<String> lines(Path path) throws IOException {
    List<String> lines = new ArrayList<>();
    try (InputStream in = files().open(path);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      return List.copyOf(lines);
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private FileSystem files() throws IOException {
    return root.getFileSystem(configuration);
  }

  private static byte[] bytes(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String difference(Map<String, String> there, Map<String, String> wanted) {
    List<String> differences = new ArrayList<>();
    wanted.forEach(
        (name, value) -> {
          String other = there.getOrDefault(name, "unknown");
          if (!other.equals(value)) {
            differences.add(
                name.equals("model")
                    ? "made by another model"
                    : "made with %s '%s' instead of '%s'".formatted(name, other, value));
          }
        });
    return differences.isEmpty() ? "made with other settings" : String.join(", ", differences);
  }
}
