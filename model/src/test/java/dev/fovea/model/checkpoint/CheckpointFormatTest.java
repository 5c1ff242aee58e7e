package dev.fovea.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointFormatTest {
  private static final UpscalerConfig CONFIG = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 3, 2, 2);
  private static final Checkpoint CHECKPOINT = checkpoint();

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  CheckpointFormatTest() throws IOException {
    CheckpointFormat.write(CHECKPOINT, this::create);
  }

  @Test
  void aCheckpointSurvivesItsFiles() throws IOException {
    Checkpoint read = CheckpointFormat.read(this::open);
    assertThat(read.upscaler().parameters().data().asFloat())
        .isEqualTo(CHECKPOINT.upscaler().parameters().data().asFloat());
    assertThat(read.updaterState().data().asFloat())
        .isEqualTo(CHECKPOINT.updaterState().data().asFloat());
    assertThat(read).isEqualTo(CHECKPOINT);
    assertThat(CheckpointFormat.readState(this::open)).isEqualTo(CHECKPOINT.state());
    assertThat(CheckpointFormat.readUpscaler(this::open)).isEqualTo(CHECKPOINT.upscaler());
  }

  @Test
  void aRestoredNetworkIsTheSavedOne() throws IOException {
    ComputationGraph network = network(5);
    TrainedUpscaler trained = new TrainedUpscaler(CONFIG, network.params());
    Checkpoint checkpoint =
        new Checkpoint(
            trained,
            CHECKPOINT.loss(),
            CHECKPOINT.adafactor(),
            network.getUpdater().getStateViewArray(),
            CHECKPOINT.state());
    files.clear();
    CheckpointFormat.write(checkpoint, this::create);
    Checkpoint read = CheckpointFormat.read(this::open);

    ComputationGraph restored = network(6);
    restored.setParams(read.upscaler().parameters());
    restored.getUpdater().setStateViewArray(read.updaterState());

    INDArray picture = Nd4j.rand(DataType.FLOAT, 1, 3, 6, 5);
    assertThat(restored.outputSingle(picture)).isEqualTo(network.outputSingle(picture));
  }

  @Test
  void theVelocityOfTheOuterMomentumIsKeptWhereThereIsOne() throws IOException {
    assertThat(CheckpointFormat.read(this::open).outerVelocity()).isEmpty();
    INDArray velocity = Nd4j.rand(DataType.FLOAT, 1, CHECKPOINT.upscaler().parameters().length());
    files.clear();
    CheckpointFormat.write(CHECKPOINT.withOuterVelocity(Optional.of(velocity)), this::create);

    assertThat(files).containsKey("outer-velocity.safetensors");
    INDArray read = CheckpointFormat.read(this::open).outerVelocity().orElseThrow();
    assertThat(read.data().asFloat()).isEqualTo(velocity.data().asFloat());
  }

  @Test
  void filesAreWrittenInOrderAndTheManifestLast() {
    assertThat(files.keySet())
        .containsExactly(
            "config.json",
            "model.safetensors",
            "optimizer.safetensors",
            "training.json",
            "MANIFEST.json");
  }

  @Test
  void equalCheckpointsAreEqualBytes() throws IOException {
    Map<String, byte[]> first = new LinkedHashMap<>(files);
    files.clear();
    CheckpointFormat.write(CHECKPOINT, this::create);
    first.forEach((name, bytes) -> assertThat(files.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void weightsHaveTheNamesAndShapesOfPyTorch() throws IOException {
    assertThat(shapes("model.safetensors"))
        .hasSize(18)
        .containsEntry("input.v", List.of(3L, 3L, 5L, 5L))
        .containsEntry("input.g", List.of(3L, 1L, 1L, 1L))
        .containsEntry("input.b", List.of(3L))
        .containsEntry("encoder.1.conv1.v", List.of(6L, 3L, 3L, 3L))
        .containsEntry("encoder.1.conv2.v", List.of(3L, 6L, 3L, 3L))
        .containsEntry("decoder.conv.v", List.of(12L, 3L, 3L, 3L));
    assertThat(shapes("optimizer.safetensors"))
        .containsEntry("encoder.1.conv1.v.step", List.of())
        .containsEntry("encoder.1.conv1.v.row_variance", List.of(6L, 3L, 3L, 1L))
        .containsEntry("encoder.1.conv1.v.column_variance", List.of(6L, 3L, 1L, 3L))
        .containsEntry("encoder.1.conv1.g.row_variance", List.of(6L, 1L, 1L, 1L))
        .containsEntry("encoder.1.conv1.b.variance", List.of(6L));
  }

  @Test
  void aTensorHoldsTheParameterOfItsName() throws IOException {
    ComputationGraph network = network(1);
    network.setParams(CHECKPOINT.upscaler().parameters());
    SafetensorsReader reader = reader("model.safetensors");
    for (TensorInfo tensor : reader.tensors()) {
      List<Float> values = new ArrayList<>();
      reader.next(
          (chunk, count, position) -> {
            for (int i = 0; i < count; i++) {
              values.add(chunk[i]);
            }
          });
      int dot = tensor.name().lastIndexOf('.');
      INDArray expected =
          network.getParam(
              tensor.name().substring(0, dot) + "_" + tensor.name().substring(dot + 1));
      List<Float> wanted = new ArrayList<>();
      for (float value : expected.dup('c').data().asFloat()) {
        wanted.add(value);
      }
      assertThat(values).as(tensor.name()).isEqualTo(wanted);
    }
  }

  @Test
  void theConfigurationIsReadableText() {
    assertThat(text("config.json"))
        .isEqualTo(
            """
            {
              "version" : 1,
              "base_upscaler" : "bicubic",
              "upscale_ratio" : 2,
              "num_channels" : 3,
              "hidden_ratio" : 2,
              "num_layers" : 2
            }
            """);
  }

  @Property(tries = 25)
  void aFlippedBitIsFound(@ForAll @IntRange(max = 1_000_000) int position) {
    for (String name : List.copyOf(files.keySet())) {
      byte[] whole = files.get(name);
      byte[] flipped = whole.clone();
      flipped[position % whole.length] ^= (byte) (1 << position % 8);
      files.put(name, flipped);
      assertThatThrownBy(() -> CheckpointFormat.read(this::open))
          .isInstanceOf(DamagedFileException.class);
      assertThatThrownBy(() -> CheckpointFormat.verify(this::open))
          .isInstanceOf(DamagedFileException.class);
      files.put(name, whole);
    }
  }

  @Property(tries = 25)
  void aTruncatedFileIsFound(@ForAll @IntRange(max = 1_000_000) int length) {
    for (String name : List.copyOf(files.keySet())) {
      byte[] whole = files.get(name);
      files.put(name, Arrays.copyOf(whole, length % whole.length));
      assertThatThrownBy(() -> CheckpointFormat.read(this::open))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageStartingWith(name + ": ");
      files.put(name, whole);
    }
  }

  @Test
  void aFileThatIsTooLongIsFound() {
    for (String name : CheckpointFormat.FILES) {
      byte[] whole = files.get(name);
      files.put(name, Arrays.copyOf(whole, whole.length + 1));
      assertThatThrownBy(() -> CheckpointFormat.read(this::open))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageStartingWith(name + ": more than " + whole.length + " bytes");
      files.put(name, whole);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    for (String name : List.copyOf(files.keySet())) {
      byte[] whole = files.remove(name);
      assertThatThrownBy(() -> CheckpointFormat.read(this::open))
          .isInstanceOf(DamagedFileException.class)
          .hasMessage(name + ": is missing");
      files.put(name, whole);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.json   | \"version\" : 1        | \"version\" : 2       | version is 2, this",
        "config.json   | \"num_layers\" : 2     | \"num_layers\" : 2, \"x\" : 0 | key 'x'",
        "config.json   | \"num_layers\" : 2     | \"num_layers\" : 2.0  | not a whole number",
        "config.json   | \"num_layers\" : 2     | \"num_layers\" : 3    | tensor 'encoder.2.conv1.b'",
        "config.json   | \"num_layers\" : 2     | \"num_layers\" : 65536 | cannot hold the",
        "config.json   | \"num_layers\" : 2     | \"num_layers\" : 9999999999 | 1 to 65536",
        "config.json   | \"num_layers\" : 2     | \"upscale_ratio\" : 2 | Duplicate field",
        "config.json   | \"upscale_ratio\" : 2  | \"upscale_ratio\" : 5 | ratio 5 is not one of",
        "config.json   | \"upscale_ratio\" : 2  | \"upscale_ratio\" : 4 | has shape [12",
        "config.json   | bicubic                | nearest               | 'nearest' is not one of",
        "training.json | \"version\" : 1        | \"version\" : 0       | version is 0",
        "training.json | \"epoch\" : 3          | \"epoch\" : -3        | epoch is -3",
        "training.json | \"seed\" : 0           | \"seed\" : \"0\"      | seed is \"0\"",
        "training.json | \"seed\" : 0           | \"seeds\" : 0         | key 'seed' is missing",
        "training.json | adafactor              | adam                  | name is 'adam'",
        "training.json | \"fovea\" :            | \"x\" : 1, \"fovea\" : | key 'provenance.x'",
        "training.json | \"tv_penalty\" : 0.5   | \"tv_penalty\" : 1e999 | not a finite number",
        "training.json | \"loss\" :             | \"x\" : {}, \"loss\" : | unknown key 'x'",
      })
  void jsonThatIsNotWhatWeWriteIsRefused(String name, String found, String changed, String reason) {
    assertThat(text(name)).contains(found);
    replaceAndSign(name, text(name).replace(found, changed).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> CheckpointFormat.read(this::open))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\" : 1 | \"version\" : 7 | version is 7, this program reads version 1",
        "\"length\"      | \"size\"        | 'files.config.json.length' is missing",
        "\"config.json\" | \"../x\"        | 'files.config.json' is missing",
        "\"training.json\" : { | \"x\" : {}, \"training.json\" : { | unknown key 'files.x'",
      })
  void aStrangeManifestIsRefused(String found, String changed, String reason) {
    String manifest = text("MANIFEST.json");
    assertThat(manifest).contains(found);
    files.put("MANIFEST.json", manifest.replace(found, changed).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> CheckpointFormat.read(this::open))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageStartingWith("MANIFEST.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void tensorsOfAnotherShapeAreRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<SafetensorsWriter.Source> sources = new ArrayList<>();
    for (TensorInfo tensor : reader("model.safetensors").tensors()) {
      List<Long> shape =
          tensor.name().equals("input.g") ? List.of(tensor.elements()) : tensor.shape();
      sources.add(
          SafetensorsWriter.Source.of(tensor.name(), shape, new float[(int) tensor.elements()]));
    }
    SafetensorsWriter.write(out, sources, Map.of());
    replaceAndSign("model.safetensors", out.toByteArray());
    assertThatThrownBy(() -> CheckpointFormat.read(this::open))
        .hasMessage("model.safetensors: tensor 'input.g' has shape [3], not [3, 1, 1, 1]");
  }

  @Test
  void loneWeightsAreReadAgainstTheirConfiguration() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFormat.writeWeights(CHECKPOINT.upscaler(), out);
    byte[] weights = out.toByteArray();
    assertThat(weights).isEqualTo(files.get("model.safetensors"));
    UpscalerConfig config = CheckpointFormat.readConfig(CheckpointFormat.formatConfig(CONFIG));
    assertThat(
            CheckpointFormat.readWeights(
                config, "w.safetensors", new ByteArrayInputStream(weights), weights.length))
        .isEqualTo(CHECKPOINT.upscaler());
  }

  @Test
  void aStateOfAnotherNetworkIsNotWritten() {
    Checkpoint wrong =
        new Checkpoint(
            CHECKPOINT.upscaler(),
            CHECKPOINT.loss(),
            CHECKPOINT.adafactor(),
            Nd4j.create(DataType.FLOAT, 7),
            CHECKPOINT.state());
    assertThatThrownBy(() -> CheckpointFormat.write(wrong, this::create))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("updater state has 7 elements");
    assertThatThrownBy(() -> new TrainedUpscaler(CONFIG, Nd4j.create(DataType.FLOAT, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 parameters");
  }

  @Test
  void aNetworkWithoutAdafactorHasNoLayout() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("dense", new DenseLayer.Builder().nIn(2).nOut(2).build(), "x")
                .setOutputs("dense")
                .build());
    graph.init();
    assertThatThrownBy(() -> NetworkLayout.of(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer dense");
  }

  private static Checkpoint checkpoint() {
    NetworkLayout layout = NetworkLayout.of(CONFIG);
    return new Checkpoint(
        new TrainedUpscaler(CONFIG, Nd4j.rand(DataType.FLOAT, 1, layout.parameterCount())),
        new LossConfig(ReconstructionLoss.L1, 0.5),
        new AdafactorConfig(0.01, -0.8, 1e-3, 1, 0.1),
        Nd4j.rand(DataType.FLOAT, layout.stateCount()),
        new TrainingState(
            "run-1",
            0,
            3,
            640,
            12_345,
            7.25,
            Map.of("batch-size", "32", "train-images-path", "hdfs://host/a b/\"ü\""),
            new Provenance("0.1.0", "1.0.0-M2.1", "3.5.9", "nd4j", "fp32", "abc")));
  }

  private static ComputationGraph network(long seed) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(CONFIG, CHECKPOINT.loss(), CHECKPOINT.adafactor()), seed);
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
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(bytes);
  }

  private String text(String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  private SafetensorsReader reader(String name) throws IOException {
    byte[] bytes = files.get(name);
    return new SafetensorsReader(name, new ByteArrayInputStream(bytes), bytes.length);
  }

  private Map<String, List<Long>> shapes(String name) throws IOException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    reader(name).tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    return shapes;
  }

  /** Replaces a file and makes the manifest agree, as an attacker or a bug would. */
  private void replaceAndSign(String name, byte[] bytes) {
    byte[] old = files.put(name, bytes);
    String manifest =
        text("MANIFEST.json")
            .replace(sha256(old), sha256(bytes))
            .replace("\"length\" : " + old.length, "\"length\" : " + bytes.length);
    files.put("MANIFEST.json", manifest.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
