package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.files.InputStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which outputs of a job are inputs of the same job, and must never be written. On this
 * machine's file system paths are compared as the system resolves them, links included; elsewhere
 * as they are.
 */
final class OwnInputs {
  private final org.apache.hadoop.fs.Path root;
  private final Map<Path, Path> realFolders = new HashMap<>();
  private final Set<String> inputs = new HashSet<>();

  /**
   * @param root the output root, fully qualified
   * @param inputs paths of the inputs, fully qualified and unescaped
   * @param outputs names below the root
   */
  OwnInputs(org.apache.hadoop.fs.Path root, Collection<String> inputs, Collection<String> outputs) {
    this.root = root;
    if (!InputStreams.isLocal(root)) {
      this.inputs.addAll(inputs);
      return;
    }
    Set<Path> written = new HashSet<>();
    outputs.forEach(output -> written.add(real(place(output)).getParent()));
    for (String input : inputs) {
      if (input.startsWith("file:")) {
        Path real = real(Path.of(input.replaceFirst("^file:/*", "/")));
        // Few folders are both read and written; only their files need to be remembered.
        if (written.contains(real.getParent())) {
          this.inputs.add(real.toString());
        }
      }
    }
  }

  /** Whether the output of this name is an input. */
  boolean contains(String output) {
    if (!InputStreams.isLocal(root)) {
      String folder = root.toString();
      return inputs.contains((folder.endsWith("/") ? folder : folder + "/") + output);
    }
    return !inputs.isEmpty() && inputs.contains(real(place(output)).toString());
  }

  private Path place(String output) {
    return Path.of(root.toUri().getPath()).resolve(output);
  }

  /** Where a file really lies; where nothing lies yet, where it would. */
  private Path real(Path file) {
    try {
      if (Files.isSymbolicLink(file)) {
        return file.toRealPath();
      }
    } catch (IOException e) {
      // A link that leads nowhere is no input.
    }
    return realFolders
        .computeIfAbsent(file.getParent(), OwnInputs::realFolder)
        .resolve(file.getFileName());
  }

  private static Path realFolder(Path folder) {
    List<Path> missing = new ArrayList<>();
    for (Path above = folder; above != null; above = above.getParent()) {
      try {
        Path real = above.toRealPath();
        for (int i = missing.size() - 1; i >= 0; i--) {
          real = real.resolve(missing.get(i));
        }
        return real;
      } catch (IOException e) {
        missing.add(above.getFileName());
      }
    }
    return folder;
  }
}
