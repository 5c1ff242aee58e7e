package dev.fovea.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a checkpoint of stage 2 has beyond one of stage 1. */
class CriticCheckpointTest {
  private static final UpscalerConfig UPSCALER =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 3, 1, 1);
  private static final CriticConfig CRITIC = new CriticConfig(2, List.of(1, 2));
  private static final Checkpoint CHECKPOINT = checkpoint();

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> opened = new ArrayList<>();

  CriticCheckpointTest() throws IOException {
    CheckpointFormat.write(CHECKPOINT, this::create);
  }

  @Test
  void bothNetworksAndBothOptimisersSurviveTheirFiles() throws IOException {
    Checkpoint read = CheckpointFormat.read(this::open);
    assertThat(read.critic().orElseThrow().config()).isEqualTo(CRITIC);
    assertThat(bits(read.critic().orElseThrow().parameters()))
        .isEqualTo(bits(CHECKPOINT.critic().orElseThrow().parameters()));
    assertThat(bits(read.critic().orElseThrow().updaterState()))
        .isEqualTo(bits(CHECKPOINT.critic().orElseThrow().updaterState()));
    assertThat(bits(read.upscaler().parameters()))
        .isEqualTo(bits(CHECKPOINT.upscaler().parameters()));
    assertThat(read.state()).isEqualTo(CHECKPOINT.state());
  }

  @Test
  void theCriticsFilesComeBetweenTheUpscalersAndTheStateOfTheRun() {
    assertThat(files.keySet())
        .containsExactly(
            "config.json",
            "model.safetensors",
            "optimizer.safetensors",
            "critic.safetensors",
            "critic-optimizer.safetensors",
            "training.json",
            "MANIFEST.json");
  }

  @Test
  void anUpscalerIsReadWithoutTheCritic() throws IOException {
    files.put("critic.safetensors", new byte[0]);
    files.remove("critic-optimizer.safetensors");
    assertThat(CheckpointFormat.readUpscaler(this::open)).isEqualTo(CHECKPOINT.upscaler());
    assertThat(CheckpointFormat.readState(this::open)).isEqualTo(CHECKPOINT.state());
    assertThat(opened).noneMatch(name -> name.startsWith("critic"));
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfPyTorch() throws IOException {
    assertThat(shapes("critic.safetensors"))
        .containsEntry("stem.conv.weight", List.of(2L, 3L, 7L, 7L))
        .containsEntry("stem.norm.variance", List.of(2L))
        .containsEntry("stage1.0.conv1.weight", List.of(4L, 8L, 1L, 1L))
        .containsEntry("stage1.1.conv2.weight", List.of(4L, 4L, 3L, 3L))
        .containsEntry("stage1.0.skip.weight", List.of(16L, 8L, 1L, 1L))
        .containsEntry("logit.weight", List.of(1L, 16L))
        .containsEntry("logit.bias", List.of(1L))
        .doesNotContainKey("stage1.1.skip.weight");
    assertThat(shapes("critic-optimizer.safetensors"))
        .containsEntry("stage1.1.conv2.weight.column_variance", List.of(4L, 4L, 1L, 3L))
        .containsEntry("logit.bias.variance", List.of(1L))
        .allSatisfy(
            (name, shape) -> assertThat(name).doesNotContain(".norm.mean", ".norm.variance."));
  }

  @Test
  void aDamagedCriticIsFound() {
    for (String name : CheckpointFormat.CRITIC_FILES) {
      byte[] whole = files.get(name);
      byte[] flipped = whole.clone();
      flipped[whole.length - 1] ^= 1;
      for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, whole.length - 1))) {
        files.put(name, damaged);
        assertThatThrownBy(() -> CheckpointFormat.read(this::open))
            .isInstanceOf(DamagedFileException.class)
            .hasMessageStartingWith(name + ": ");
        assertThatThrownBy(() -> CheckpointFormat.verify(this::open))
            .isInstanceOf(DamagedFileException.class)
            .hasMessageStartingWith(name + ": ");
      }
      files.put(name, whole);
    }
  }

  @Test
  void halfACriticIsRefused() throws IOException {
    change("MANIFEST.json", "\"critic-optimizer.safetensors\"", "\"x\"");
    assertThatThrownBy(() -> CheckpointFormat.read(this::open))
        .hasMessageContaining("'files.critic-optimizer.safetensors' is missing");
  }

  @Test
  void aCriticThatTheConfigurationDoesNotDescribeIsRefused() throws IOException {
    Map<String, byte[]> withCritic = new LinkedHashMap<>(files);
    CheckpointFormat.write(
        new Checkpoint(
            CHECKPOINT.upscaler(),
            CHECKPOINT.loss(),
            CHECKPOINT.adafactor(),
            CHECKPOINT.updaterState(),
            CHECKPOINT.state()),
        this::create);
    assertThat(CheckpointFormat.read(this::open).critic()).isEmpty();

    byte[] shapes = withCritic.get("config.json");
    files.put("config.json", shapes);
    files.put("MANIFEST.json", manifest(withCritic, files));
    assertThatThrownBy(() -> CheckpointFormat.readUpscaler(this::open))
        .hasMessage("MANIFEST.json: has no critic.safetensors, which config.json describes");
  }

  @Test
  void aShapeThatCannotBeIsRefused() {
    String json = new String(files.get("config.json"), StandardCharsets.UTF_8);
    assertThat(json).contains("\"num_channels\" : 2,");
    for (String[] change :
        new String[][] {
          {"\"blocks\" : [", "\"blocks\" : [ 0,", "list of 1 to"},
          {"\"blocks\" : [", "\"blocks\" : [ 1, 1, 1,", "5 stages"},
          {"\"blocks\"", "\"block\"", "key 'critic.blocks' is missing"},
          {"\"blocks\"", "\"x\" : 1, \"blocks\"", "unknown key 'critic.x'"},
        }) {
      byte[] changed = json.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> CheckpointFormat.readConfig(changed))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageStartingWith("config.json: ")
          .hasMessageContaining(change[2]);
    }
  }

  @Test
  void aStateOfAnotherCriticIsNotWritten() {
    TrainedCritic critic = CHECKPOINT.critic().orElseThrow();
    Checkpoint wrong =
        new Checkpoint(
            CHECKPOINT.upscaler(),
            CHECKPOINT.loss(),
            CHECKPOINT.adafactor(),
            CHECKPOINT.updaterState(),
            CHECKPOINT.state(),
            Optional.of(
                new TrainedCritic(CRITIC, critic.parameters(), Nd4j.create(DataType.FLOAT, 7))));
    assertThatThrownBy(() -> CheckpointFormat.write(wrong, this::create))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("updater state has 7 elements, that of CriticConfig");
    assertThatThrownBy(
            () -> new TrainedCritic(CRITIC, Nd4j.create(DataType.FLOAT, 7), critic.updaterState()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 parameters");
  }

  private static Checkpoint checkpoint() {
    NetworkLayout upscaler = NetworkLayout.of(UPSCALER);
    NetworkLayout critic = NetworkLayout.of(CRITIC);
    return new Checkpoint(
        new TrainedUpscaler(UPSCALER, Nd4j.rand(DataType.FLOAT, 1, upscaler.parameterCount())),
        new LossConfig(ReconstructionLoss.MSE, 0.5),
        AdafactorConfig.of(0.01, -0.8),
        Nd4j.rand(DataType.FLOAT, upscaler.stateCount()),
        new TrainingState(
            "run-2",
            0,
            3,
            640,
            12_345,
            7.25,
            Map.of("critic-model-size", "small"),
            new Provenance("0.1.0", "1.0.0-M2.1", "3.5.9", "torch", "fp32", "abc")),
        Optional.of(
            new TrainedCritic(
                CRITIC,
                Nd4j.rand(DataType.FLOAT, 1, critic.parameterCount()),
                Nd4j.rand(DataType.FLOAT, critic.stateCount()))));
  }

  /** The manifest of the second files, with the entry of config.json from the first. */
  private static byte[] manifest(Map<String, byte[]> first, Map<String, byte[]> second)
      throws IOException {
    Map<String, Manifest.Entry> entries =
        new LinkedHashMap<>(
            CheckpointFormat.readManifest(name -> new ByteArrayInputStream(second.get(name)))
                .files());
    entries.put(
        "config.json",
        CheckpointFormat.readManifest(name -> new ByteArrayInputStream(first.get(name)))
            .files()
            .get("config.json"));
    return new Manifest(entries).format();
  }

  private ByteArrayOutputStream create(String name) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        files.put(name, toByteArray());
      }
    };
  }

  private InputStream open(String name) throws FileNotFoundException {
    opened.add(name);
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(bytes);
  }

  private void change(String name, String found, String changed) {
    String text = new String(files.get(name), StandardCharsets.UTF_8);
    assertThat(text).contains(found);
    files.put(name, text.replace(found, changed).getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, List<Long>> shapes(String name) throws IOException {
    byte[] bytes = files.get(name);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    new SafetensorsReader(name, new ByteArrayInputStream(bytes), bytes.length)
        .tensors()
        .forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    return shapes;
  }

  private static float[] bits(INDArray array) {
    return array.data().asFloat();
  }
}
