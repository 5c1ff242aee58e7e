package dev.fovea.model.checkpoint;

import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.UpscalerConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A checkpoint as named files: {@code config.json}, {@code model.safetensors}, {@code
 * optimizer.safetensors}, in stage 2 {@code critic.safetensors} and {@code
 * critic-optimizer.safetensors}, where known {@code fingerprints.bin}, then {@code training.json}
 * and, last of all, {@code MANIFEST.json}.
 *
 * <p>What is read is checked against the manifest and against the shape that {@code config.json}
 * says; nothing of it is executed. Where something is wrong a {@link DamagedFileException} names
 * the file and what is wrong with it. Stateless.
 */
public final class CheckpointFormat {
  /** The shapes of the networks. */
  public static final String CONFIG = ConfigFile.NAME;

  /** The weights, by names such as {@code encoder.3.conv1.v}. */
  public static final String MODEL = "model.safetensors";

  /** The optimiser's state, by names such as {@code encoder.3.conv1.v.row_variance}. */
  public static final String OPTIMIZER = "optimizer.safetensors";

  /**
   * The critic's weights and running statistics, by names such as {@code stage1.0.conv2.weight}.
   */
  public static final String CRITIC = "critic.safetensors";

  /** The state of the critic's optimiser. */
  public static final String CRITIC_OPTIMIZER = "critic-optimizer.safetensors";

  /** What is minimised and how, and where the run stands. */
  public static final String TRAINING = TrainingFile.NAME;

  /** What the pictures of the training are recognised by; only where that is known. */
  public static final String FINGERPRINTS = "fingerprints.bin";

  /** The files of every checkpoint in the order of writing; the manifest comes after them. */
  public static final List<String> FILES = List.of(CONFIG, MODEL, OPTIMIZER, TRAINING);

  /** What a checkpoint of stage 2 has besides, written before {@link #TRAINING}. */
  public static final List<String> CRITIC_FILES = List.of(CRITIC, CRITIC_OPTIMIZER);

  /** What a checkpoint has besides if its training pictures are known. */
  public static final List<String> FINGERPRINT_FILES = List.of(FINGERPRINTS);

  /**
   * The velocity of the averaging's outer momentum, by the names of {@link #MODEL}; where there is
   * any.
   */
  public static final String OUTER_VELOCITY = "outer-velocity.safetensors";

  /** What a checkpoint may have besides; of each list all or none. */
  public static final List<List<String>> OPTIONAL_FILES =
      List.of(CRITIC_FILES, FINGERPRINT_FILES, List.of(OUTER_VELOCITY));

  private static final int LARGEST_JSON = 1 << 20;
  private static final int LARGEST_FINGERPRINTS = 1 << 30;

  private CheckpointFormat() {}

  /** Opens the files of a checkpoint for reading. */
  @FunctionalInterface
  public interface StoredFiles {
    /**
     * Opens a file from its beginning.
     *
     * @throws FileNotFoundException if there is no such file
     */
    InputStream open(String name) throws IOException;
  }

  /** Creates the files of a checkpoint. */
  @FunctionalInterface
  public interface NewFiles {
    /** Creates or replaces a file; closing the stream completes it. */
    OutputStream create(String name) throws IOException;
  }

  /**
   * Writes all files, the manifest last.
   *
   * @return the manifest as written
   * @throws IllegalArgumentException if the updater state does not fit the upscaler
   */
  public static Manifest write(Checkpoint checkpoint, NewFiles files) throws IOException {
    UpscalerConfig config = checkpoint.upscaler().config();
    NetworkLayout layout = NetworkLayout.of(config);
    requireState(checkpoint.updaterState(), layout, config);
    Optional<TrainedCritic> critic = checkpoint.critic();
    critic.ifPresent(c -> requireState(c.updaterState(), NetworkLayout.of(c.config()), c.config()));
    TrainingFile training =
        new TrainingFile(checkpoint.loss(), checkpoint.adafactor(), checkpoint.state());
    FlatTensors parameters = FlatTensors.ofParameters(layout);
    FlatTensors updaterState = FlatTensors.ofState(layout);
    ManifestedOutput output = new ManifestedOutput(files);
    byte[] shapes = new ConfigFile(config, critic.map(TrainedCritic::config)).format();
    output.put(CONFIG, out -> out.write(shapes));
    output.put(MODEL, out -> parameters.write(out, checkpoint.upscaler().parameters()));
    output.put(OPTIMIZER, out -> updaterState.write(out, checkpoint.updaterState()));
    if (critic.isPresent()) {
      put(critic.get(), output);
    }
    if (checkpoint.outerVelocity().isPresent()) {
      output.put(OUTER_VELOCITY, out -> parameters.write(out, checkpoint.outerVelocity().get()));
    }
    if (checkpoint.fingerprints().isPresent()) {
      output.put(FINGERPRINTS, out -> out.write(checkpoint.fingerprints().get()));
    }
    output.put(TRAINING, out -> out.write(training.format()));
    return output.finish();
  }

  private static void put(TrainedCritic critic, ManifestedOutput output) throws IOException {
    NetworkLayout layout = NetworkLayout.of(critic.config());
    FlatTensors parameters = FlatTensors.ofParameters(layout);
    FlatTensors updaterState = FlatTensors.ofState(layout);
    output.put(CRITIC, out -> parameters.write(out, critic.parameters()));
    output.put(CRITIC_OPTIMIZER, out -> updaterState.write(out, critic.updaterState()));
  }

  private static void requireState(INDArray updaterState, NetworkLayout layout, Object config) {
    if (updaterState.length() != layout.stateCount()) {
      throw new IllegalArgumentException(
          "updater state has %d elements, that of %s has %d"
              .formatted(updaterState.length(), config, layout.stateCount()));
    }
  }

  /**
   * Reads and checks everything.
   *
   * @throws DamagedFileException if something is wrong with a file
   */
  public static Checkpoint read(StoredFiles files) throws IOException {
    Manifest manifest = readManifest(files);
    ConfigFile shapes = readShapes(files, manifest);
    UpscalerConfig config = shapes.upscaler();
    TrainingFile training = TrainingFile.parse(readJson(files, TRAINING, manifest));
    requireLength(MODEL, manifest.files().get(MODEL).length(), config.parameterCount(), config);
    NetworkLayout layout = NetworkLayout.of(config);
    INDArray parameters = readFlat(files, MODEL, manifest, FlatTensors.ofParameters(layout));
    INDArray state = readFlat(files, OPTIMIZER, manifest, FlatTensors.ofState(layout));
    return new Checkpoint(
        upscaler(config, parameters),
        training.loss(),
        training.adafactor(),
        state,
        training.state(),
        shapes.critic().isPresent()
            ? Optional.of(readCritic(files, manifest, shapes.critic().get()))
            : Optional.empty(),
        readFingerprints(files, manifest),
        readOuterVelocity(files, manifest, layout));
  }

  private static Optional<INDArray> readOuterVelocity(
      StoredFiles files, Manifest manifest, NetworkLayout layout) throws IOException {
    return manifest.files().containsKey(OUTER_VELOCITY)
        ? Optional.of(readFlat(files, OUTER_VELOCITY, manifest, FlatTensors.ofParameters(layout)))
        : Optional.empty();
  }

  private static TrainedCritic readCritic(StoredFiles files, Manifest manifest, CriticConfig config)
      throws IOException {
    requireLength(CRITIC, manifest.files().get(CRITIC).length(), config.parameterCount(), config);
    NetworkLayout layout = NetworkLayout.of(config);
    INDArray parameters = readFlat(files, CRITIC, manifest, FlatTensors.ofParameters(layout));
    INDArray state = readFlat(files, CRITIC_OPTIMIZER, manifest, FlatTensors.ofState(layout));
    return new TrainedCritic(config, parameters.reshape(1, parameters.length()), state);
  }

  /**
   * Reads and checks what inference needs: shape and weights.
   *
   * @throws DamagedFileException if something is wrong with a file
   */
  public static TrainedUpscaler readUpscaler(StoredFiles files) throws IOException {
    Manifest manifest = readManifest(files);
    UpscalerConfig config = readShapes(files, manifest).upscaler();
    requireLength(MODEL, manifest.files().get(MODEL).length(), config.parameterCount(), config);
    FlatTensors tensors = FlatTensors.ofParameters(NetworkLayout.of(config));
    return upscaler(config, readFlat(files, MODEL, manifest, tensors));
  }

  /**
   * Reads where a run stands, and checks the file that says so.
   *
   * @throws DamagedFileException if something is wrong with a file
   */
  public static TrainingState readState(StoredFiles files) throws IOException {
    Manifest manifest = readManifest(files);
    return TrainingFile.parse(readJson(files, TRAINING, manifest)).state();
  }

  /**
   * Reads the fingerprints of the training pictures, if it has any.
   *
   * @throws DamagedFileException if something is wrong with the file
   */
  public static Optional<byte[]> readFingerprints(StoredFiles files) throws IOException {
    return readFingerprints(files, readManifest(files));
  }

  private static Optional<byte[]> readFingerprints(StoredFiles files, Manifest manifest)
      throws IOException {
    if (!manifest.files().containsKey(FINGERPRINTS)) {
      return Optional.empty();
    }
    try (VerifiedInput in = open(files, FINGERPRINTS, manifest)) {
      return Optional.of(in.readAll(LARGEST_FINGERPRINTS));
    }
  }

  /**
   * Reads the manifest alone.
   *
   * @throws DamagedFileException if it is missing or not one
   */
  public static Manifest readManifest(StoredFiles files) throws IOException {
    try (InputStream in = openExisting(files, Manifest.NAME)) {
      byte[] bytes = in.readNBytes(LARGEST_JSON + 1);
      if (bytes.length > LARGEST_JSON) {
        throw new DamagedFileException(
            Manifest.NAME, "more than the %d bytes that are read".formatted(LARGEST_JSON));
      }
      return Manifest.parse(bytes, FILES, OPTIONAL_FILES);
    }
  }

  /**
   * Reads all files and holds them against the manifest that is there.
   *
   * @return that manifest
   * @throws DamagedFileException if something is wrong with a file
   */
  public static Manifest verify(StoredFiles files) throws IOException {
    Manifest manifest = readManifest(files);
    for (String name : new TreeSet<>(manifest.files().keySet())) {
      try (VerifiedInput in = open(files, name, manifest)) {
        in.finish();
      }
    }
    return manifest;
  }

  /**
   * Reads the weights of an upscaler from a lone safetensors file, fp32, fp16 or bf16.
   *
   * @param file its name, for messages
   * @param length its length in bytes
   * @throws DamagedFileException if it breaks the format or does not fit the shape
   */
  public static TrainedUpscaler readWeights(
      UpscalerConfig config, String file, InputStream in, long length) throws IOException {
    requireLength(file, length, config.parameterCount(), config);
    FlatTensors tensors = FlatTensors.ofParameters(NetworkLayout.of(config));
    return upscaler(config, tensors.read(file, in, length));
  }

  /** Writes the weights of an upscaler as a lone safetensors file, fp32. */
  public static void writeWeights(TrainedUpscaler upscaler, OutputStream out) throws IOException {
    FlatTensors.ofParameters(NetworkLayout.of(upscaler.config())).write(out, upscaler.parameters());
  }

  /**
   * Reads an upscaler's shape from the content of a {@code config.json}.
   *
   * @throws DamagedFileException if it is not one
   */
  public static UpscalerConfig readConfig(byte[] json) throws DamagedFileException {
    return ConfigFile.parse(json).upscaler();
  }

  /** The content of the {@code config.json} of an upscaler. */
  public static byte[] formatConfig(UpscalerConfig config) {
    return new ConfigFile(config, Optional.empty()).format();
  }

  /** The shapes, which have to agree with the manifest on whether there is a critic. */
  private static ConfigFile readShapes(StoredFiles files, Manifest manifest) throws IOException {
    ConfigFile shapes = ConfigFile.parse(readJson(files, CONFIG, manifest));
    if (shapes.critic().isPresent() != manifest.files().containsKey(CRITIC)) {
      throw new DamagedFileException(
          Manifest.NAME,
          shapes.critic().isPresent()
              ? "has no %s, which %s describes".formatted(CRITIC, CONFIG)
              : "has %s, which %s does not describe".formatted(CRITIC, CONFIG));
    }
    return shapes;
  }

  private static TrainedUpscaler upscaler(UpscalerConfig config, INDArray parameters) {
    return new TrainedUpscaler(config, parameters.reshape(1, parameters.length()));
  }

  private static byte[] readJson(StoredFiles files, String name, Manifest manifest)
      throws IOException {
    try (VerifiedInput in = open(files, name, manifest)) {
      return in.readAll(LARGEST_JSON);
    }
  }

  private static INDArray readFlat(
      StoredFiles files, String name, Manifest manifest, FlatTensors tensors) throws IOException {
    try (VerifiedInput in = open(files, name, manifest)) {
      INDArray flat = tensors.read(name, in.content(), manifest.files().get(name).length());
      in.finish();
      return flat;
    }
  }

  private static VerifiedInput open(StoredFiles files, String name, Manifest manifest)
      throws IOException {
    return new VerifiedInput(name, openExisting(files, name), manifest.files().get(name));
  }

  private static InputStream openExisting(StoredFiles files, String name) throws IOException {
    try {
      return files.open(name);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new DamagedFileException(name, "is missing", e);
    }
  }

  /** Keeps a config.json that promises too much from being believed. */
  private static void requireLength(String file, long length, long parameters, Object config)
      throws DamagedFileException {
    if (length < ElementType.F16.size() * parameters) {
      throw new DamagedFileException(
          file,
          "%d bytes cannot hold the %d parameters of %s".formatted(length, parameters, config));
    }
  }
}
