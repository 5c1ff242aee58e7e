package dev.fovea;

import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.shipped.ShippedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the upscaler of a checkpoint path, or of one of its step directories, on this machine, or
 * that of a shipped model.
 */
final class LocalCheckpoint {
  private static final Pattern STEP = Pattern.compile("step-\\d{8,18}");

  private LocalCheckpoint() {}

  /**
   * The newest upscaler that is whole.
   *
   * @throws IOException naming the path, and what is wrong with each checkpoint in it
   */
  static TrainedUpscaler read(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Optional<ShippedModel> shipped = ShippedModel.named(path.toString());
      if (shipped.isPresent()) {
        return shipped.get().upscaler();
      }
      throw new IOException(
          "no checkpoint at %s: it is no folder, and no shipped model has this name"
              .formatted(path));
    }
    List<String> damaged = new ArrayList<>();
    for (Path step : steps(path)) {
      try {
        return CheckpointFormat.readUpscaler(name -> Files.newInputStream(step.resolve(name)));
      } catch (DamagedFileException e) {
        damaged.add("%s: %s".formatted(step.getFileName(), e.getMessage()));
      }
    }
    throw new IOException(
        damaged.isEmpty()
            ? "no checkpoint at %s: it holds no step-NNNNNNNN".formatted(path)
            : "no checkpoint at %s is whole: %s".formatted(path, String.join("; ", damaged)));
  }

  /** The newest first. */
  private static List<Path> steps(Path path) throws IOException {
    if (isStep(path.toAbsolutePath().normalize())) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(entry -> isStep(entry) && Files.isDirectory(entry))
          .sorted(Comparator.comparingLong(LocalCheckpoint::step).reversed())
          .toList();
    }
  }

  private static boolean isStep(Path path) {
    return path.getFileName() != null && STEP.matcher(path.getFileName().toString()).matches();
  }

  private static long step(Path path) {
    return Long.parseLong(path.getFileName().toString().substring("step-".length()));
  }
}
