package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.upscaling.single.Nchw;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.model.checkpoint.ConfigFile;
import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.exchange.OnnxSession;
import dev.fovea.model.exchange.ReferenceWeights;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Planes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ExchangeCommandsTest {
  private static final UpscalerConfig SHAPE = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 6, 1, 2);

  @TempDir private Path folder;

  @Test
  void anImportedModelIsExportedBitForBitAndUpscalesMeanwhile() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    Path config = folder.resolve("config.json");
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    INDArray parameters = TestModels.graph(SHAPE, 5).params();
    ReferenceWeights.write(new TrainedUpscaler(SHAPE, parameters), ElementType.F32, content);
    Files.write(weights, content.toByteArray());
    Files.writeString(
        config,
        "{\"base_upscaler\": \"bicubic\", \"upscale_ratio\": 2, \"num_channels\": 6,"
            + " \"hidden_ratio\": 1, \"num_layers\": 2}");

    CommandRun imported = importing(weights, config, "--terms", "CC BY 4.0");
    assertThat(imported.err()).isEmpty();
    assertThat(imported.code()).isZero();
    assertThat(imported.out()).contains("2x upscaler, 6 channels, 2 blocks, 2,478 parameters");
    var checkpoint =
        HadoopCheckpointStore.at(hadoop("checkpoint"), new Configuration(), warning -> {}).read();
    assertThat(checkpoint.upscaler().parameters().data().asFloat())
        .isEqualTo(parameters.data().asFloat());
    assertThat(checkpoint.updaterState().amaxNumber().doubleValue()).isZero();
    assertThat(checkpoint.state().settings())
        .containsEntry("data-terms", "CC BY 4.0")
        .containsEntry("imported-file", "model.safetensors")
        .containsKey("imported-sha256");

    CommandRun exported = exporting("safetensors", "out/model.safetensors");
    assertThat(exported.err()).isEmpty();
    assertThat(folder.resolve("out/model.safetensors")).hasBinaryContent(content.toByteArray());
    assertThat(folder.resolve("out/config.json"))
        .content()
        .contains("\"base_upscaler\" : \"bicubic\"")
        .doesNotContain("version");
    CommandRun again =
        importing(
            folder.resolve("out/model.safetensors"),
            folder.resolve("out/config.json"),
            "--overwrite");
    assertThat(again.code()).as(again.err()).isZero();
  }

  /** All base upscalers and ratios, on photographs, in onnxruntime against both engines. */
  @ParameterizedTest
  @CsvSource({
    "BILINEAR, 2",
    "BICUBIC, 2",
    "BILINEAR, 4",
    "BICUBIC, 4",
    "BILINEAR, 8",
    "BICUBIC, 8"
  })
  void onnxRuntimeComputesOfPhotographsWhatTheEnginesCompute(BaseUpscaler base, int ratio)
      throws IOException {
    UpscalerConfig config = new UpscalerConfig(base, ratio, 16, 2, 3);
    TestCheckpoints.save(folder.resolve("checkpoint"), config, 11);
    assertThat(exporting("onnx", "model.onnx").code()).isZero();
    assertThat(exporting("onnx", "half.onnx", "--precision", "fp16").code()).isZero();
    INDArray parameters = TestModels.graph(config, 11).params();
    try (OnnxSession single = session("model.onnx");
        OnnxSession half = session("half.onnx")) {
      for (String name : new String[] {"baby", "bird", "butterfly"}) {
        Planes low = photograph(name);
        long[] shape = {1, 3, low.height(), low.width()};
        float[] inOnnx = single.upscale(low.samples(), shape);
        assertThat(largestDifference(inOnnx, half.upscale(low.samples(), shape)))
            .isBetween(1e-6f, 1 / 255f);
        for (String engine : new String[] {"torch", "nd4j"}) {
          try (Upscaler upscaler =
              Engines.named(engine).openUpscaler(config, parameters, EngineOptions.cpu(1))) {
            INDArray input = Nchw.of(low.samples(), 1, 3, low.height(), low.width());
            float[] inEngine = Nchw.floats(upscaler.upscale(input));
            assertThat(largestDifference(inOnnx, inEngine)).as(engine).isLessThan(1e-4f);
          }
        }
      }
    }
  }

  @Test
  void aModelOfWhichTensorsAreMissingIsRefusedAndNothingIsWritten() throws IOException {
    Path weights = Files.write(folder.resolve("model.safetensors"), content(SHAPE));
    Path config =
        Files.writeString(
            folder.resolve("config.json"),
            "{\"base_upscaler\":\"bicubic\",\"upscale_ratio\":2,\"num_channels\":6,"
                + "\"hidden_ratio\":1,\"num_layers\":3}");
    CommandRun run = importing(weights, config);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.errors())
        .containsExactly(
            "fovea import: --weights '%s': tensors do not fit the shape: 4 missing: "
                    .formatted(weights)
                + "encoder.2.conv1.bias, encoder.2.conv1.weight (or"
                + " encoder.2.conv1.parametrizations.weight.original0 and"
                + " encoder.2.conv1.parametrizations.weight.original1), encoder.2.conv2.bias,"
                + " encoder.2.conv2.weight (or"
                + " encoder.2.conv2.parametrizations.weight.original0 and"
                + " encoder.2.conv2.parametrizations.weight.original1)");
    assertThat(folder.resolve("checkpoint")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | --config '%s': key 'base_upscaler' is missing",
        "{\"base_upscaler\":\"nearest\",\"upscale_ratio\":2,\"num_channels\":6,\"hidden_ratio\":1,\"num_layers\":2}"
            + " | --config '%s': base upscaler 'nearest' is not one of bilinear, bicubic",
        "{\"base_upscaler\":\"bicubic\",\"upscale_ratio\":2,\"num_channels\":6,\"hidden_ratio\":1,\"num_layers\":2,\"x\":1}"
            + " | --config '%s': unknown key 'x'",
        "{\"version\":9,\"base_upscaler\":\"bicubic\"} | --config '%s': version is 9, this program reads version 1",
        "[] | --config '%s': not a JSON object"
      })
  void aConfigThatIsNoneIsRefused(String json, String message) throws IOException {
    Path config = Files.writeString(folder.resolve("config.json"), json);
    CommandRun run = importing(folder.resolve("none.safetensors"), config);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.errors()).containsExactly("fovea import: " + message.formatted(config));
  }

  @Test
  void pathsThatCannotBeUsedAreNamed() throws IOException {
    Path config = Files.write(folder.resolve("config.json"), config());
    assertThat(importing(folder.resolve("none"), config).errors())
        .containsExactly(
            "fovea import: --weights '%s': there is no such file"
                .formatted(folder.resolve("none")));
    assertThat(importing(folder, config).err()).contains("it is a folder; name the file");

    TestCheckpoints.save(folder.resolve("checkpoint"), SHAPE, 1);
    Path weights = Files.write(folder.resolve("model.safetensors"), content(SHAPE));
    assertThat(importing(weights, config).err())
        .contains("it is not empty; --overwrite replaces checkpoints");
    assertThat(exporting("onnx", "model.onnx", "--precision", "bf16").err())
        .contains("--precision 'bf16': fp32 or fp16 is allowed with --format onnx");
    assertThat(exporting("tflite", "model").err())
        .contains("--format 'tflite': onnx or safetensors is allowed");
    assertThat(exporting("onnx", "model.onnx", "--precision", "int8").err())
        .contains("--precision 'int8': one of fp32, fp16, bf16 is allowed");
  }

  @Test
  void anExportOverwritesNoCheckpointAndNoForeignConfig() throws IOException {
    TestCheckpoints.save(folder.resolve("checkpoint"), SHAPE, 1);
    CommandRun into = exporting("safetensors", "checkpoint/step-00000007/model.safetensors");
    assertThat(into.code()).isEqualTo(ExitCode.USAGE);
    assertThat(into.err()).contains("its folder is a checkpoint; name another");

    Files.writeString(folder.resolve("config.json"), "{}");
    CommandRun beside = exporting("safetensors", "model.safetensors");
    assertThat(beside.code()).isEqualTo(ExitCode.USAGE);
    assertThat(beside.err()).contains("a file of another content is there");
    assertThat(folder.resolve("model.safetensors")).doesNotExist();
    CommandRun elsewhere =
        exporting(
            "safetensors",
            "model.safetensors",
            "--config-path",
            folder.resolve("shape.json").toString());
    assertThat(elsewhere.code()).as(elsewhere.err()).isZero();
    assertThat(folder.resolve("shape.json")).hasBinaryContent(config());
    assertThat(folder.resolve("config.json")).hasContent("{}");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "checkpoint", "config.json", "model.safetensors", "shape.json");
    }
  }

  private CommandRun importing(Path weights, Path config, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "import",
                    "--weights",
                    weights.toString(),
                    "--config",
                    config.toString(),
                    "--checkpoint-path",
                    folder.resolve("checkpoint").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private CommandRun exporting(String format, String output, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "export",
                    "--format",
                    format,
                    "--checkpoint-path",
                    folder.resolve("checkpoint").toString(),
                    "--output-path",
                    folder.resolve(output).toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private OnnxSession session(String file) throws IOException {
    return new OnnxSession(Files.readAllBytes(folder.resolve(file)), 1);
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  /** A part of a photograph of Set5, with its edges. */
  private static Planes photograph(String name) throws IOException {
    byte[] file = Files.readAllBytes(SharedData.require("benchmarks/Set5/" + name + ".png"));
    return PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB)
        .picture()
        .crop(0, 0, 91, 64)
        .toPlanes();
  }

  private static byte[] content(UpscalerConfig config) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ReferenceWeights.write(
        new TrainedUpscaler(config, TestModels.graph(config, 5).params()),
        ElementType.F32,
        content);
    return content.toByteArray();
  }

  private static byte[] config() {
    return ConfigFile.formatReference(SHAPE);
  }

  private static float largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
