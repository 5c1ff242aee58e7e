package dev.fovea.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.exchange.ReferenceFile.Tensor;
import dev.fovea.model.golden.GoldenUpscaler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ReferenceWeightsTest {
  private static final GoldenUpscaler GOLDEN = GoldenUpscaler.X2_BICUBIC_H2;
  private static final UpscalerConfig CONFIG = GOLDEN.config();

  @ParameterizedTest
  @EnumSource
  void importedWeightsComputeOnEveryEngineWhatPyTorchComputed(GoldenUpscaler golden)
      throws IOException {
    assertComputes(golden, ReferenceFile.of(golden).imported(golden.config()));
  }

  @ParameterizedTest
  @EnumSource
  void foldedAndCompiledWeightsComputeTheSame(GoldenUpscaler golden) throws IOException {
    ReferenceFile file = ReferenceFile.of(golden).folded().withPrefix("_orig_mod.");
    assertComputes(golden, file.imported(golden.config()));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsImportedIsExportedBitForBit(GoldenUpscaler golden) throws IOException {
    ReferenceFile file = ReferenceFile.of(golden);
    ReferenceFile back =
        ReferenceFile.read(exported(file.imported(golden.config()), ElementType.F32));
    assertEqual(back, file);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void halfPrecisionIsImportedAsItIsAndExportedBitForBit(ElementType type) throws IOException {
    byte[] bytes = ReferenceFile.of(GOLDEN).bytes(type);
    TrainedUpscaler upscaler = ReferenceFile.imported(CONFIG, bytes);
    assertEqual(ReferenceFile.read(exported(upscaler, ElementType.F32)), ReferenceFile.read(bytes));
    assertEqual(ReferenceFile.read(exported(upscaler, type)), ReferenceFile.read(bytes));
  }

  @Test
  void aLayerMayBeFoldedWhereAnotherIsNot() throws IOException {
    ReferenceFile file = ReferenceFile.of(GOLDEN);
    ReferenceFile folded = file.folded();
    file.tensors.remove("input" + ReferenceFile.GAIN);
    file.tensors.remove("input" + ReferenceFile.DIRECTION);
    file.tensors.put("input.weight", folded.tensors.get("input.weight"));
    assertComputes(GOLDEN, file.imported(CONFIG));
  }

  @Test
  void aFoldedKernelOfZerosStaysOne() throws IOException {
    ReferenceFile file = ReferenceFile.of(GOLDEN).folded();
    Tensor kernel = file.tensors.get("decoder.conv.weight");
    file.tensors.put(
        "decoder.conv.weight", new Tensor(kernel.shape(), new float[kernel.elements().length]));
    TrainedUpscaler upscaler = file.imported(CONFIG);
    ReferenceFile folded = ReferenceFile.read(exported(upscaler, ElementType.F32)).folded();
    assertThat(folded.tensors.get("decoder.conv.weight").elements()).containsOnly(0);
    assertThat(folded.tensors.get("input.weight").elements())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(file.tensors.get("input.weight").elements());
  }

  @Test
  void missingTensorsAreNamed() {
    assertRefused(
        file -> {
          file.tensors.remove("encoder.1.conv2.bias");
          file.tensors.remove("input" + ReferenceFile.GAIN);
        },
        "tensors do not fit the shape: 2 missing: "
            + "input.parametrizations.weight.original0, encoder.1.conv2.bias");
    assertRefused(
        file -> {
          file.tensors.remove("input" + ReferenceFile.GAIN);
          file.tensors.remove("input" + ReferenceFile.DIRECTION);
        },
        "1 missing: input.weight (or input.parametrizations.weight.original0 and"
            + " input.parametrizations.weight.original1)");
  }

  @Test
  void surplusTensorsAreNamed() {
    Tensor scalar = new Tensor(List.of(), new float[1]);
    assertRefused(
        file -> file.tensors.put("encoder.2.conv1.bias", scalar),
        "1 surplus: encoder.2.conv1.bias");
    assertRefused(
        file -> file.tensors.put("_orig_mod.input.bias", file.tensors.get("input.bias")),
        "1 surplus: _orig_mod.input.bias (there with and without _orig_mod.)");
    assertRefused(
        file ->
            file.tensors.put("input.weight", file.tensors.get("input" + ReferenceFile.DIRECTION)),
        "1 surplus: input.weight (its weight norm is there as well)");
  }

  @Test
  void wronglyShapedTensorsAreNamed() {
    assertRefused(
        file -> {
          Tensor gain = file.tensors.get("input" + ReferenceFile.GAIN);
          file.tensors.put("input" + ReferenceFile.GAIN, new Tensor(List.of(8L), gain.elements()));
        },
        "1 of another shape: input.parametrizations.weight.original0 [8] instead of [8, 1, 1, 1]");
  }

  @Test
  void ofManyWrongTensorsAFewAreNamedAndAllAreCounted() throws IOException {
    byte[] bytes = ReferenceFile.of(GOLDEN).bytes();
    UpscalerConfig wider = new UpscalerConfig(CONFIG.baseUpscaler(), 2, 7, 2, 2);
    assertThatExceptionOfType(DamagedFileException.class)
        .isThrownBy(() -> ReferenceFile.imported(wider, bytes))
        .withMessageContaining("16 of another shape: ")
        .withMessageEndingWith(" and 11 more");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteIsRefused(float value) {
    assertRefused(
        file -> file.tensors.get("encoder.0.conv1.bias").elements()[5] = value,
        "tensor 'encoder.0.conv1.bias' is not finite at element 5");
  }

  @Test
  void aDirectionOfZerosIsRefused() {
    assertRefused(
        file -> {
          float[] direction = file.tensors.get("input" + ReferenceFile.DIRECTION).elements();
          Arrays.fill(direction, 75, 150, 0);
        },
        "is 0 in all of output channel 1, which weight norm cannot divide by");
  }

  @Test
  void aShapeThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken() throws IOException {
    byte[] bytes = ReferenceFile.of(GOLDEN).bytes();
    UpscalerConfig huge = new UpscalerConfig(CONFIG.baseUpscaler(), 2, 1 << 16, 4, 1 << 16);
    assertThatExceptionOfType(DamagedFileException.class)
        .isThrownBy(() -> ReferenceFile.imported(huge, bytes))
        .withMessageContaining("bytes cannot hold the");
  }

  @Test
  void whatHalfPrecisionCannotHoldIsNotExportedInIt() throws IOException {
    ReferenceFile file = ReferenceFile.of(GOLDEN);
    file.tensors.get("input.bias").elements()[0] = 70_000;
    TrainedUpscaler upscaler = file.imported(CONFIG);
    assertThatThrownBy(() -> exported(upscaler, ElementType.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor 'input.bias' holds 70000.0, fp16 ends at 65504");
  }

  private static void assertRefused(Consumer<ReferenceFile> change, String reason) {
    ReferenceFile file = ReferenceFile.of(GOLDEN);
    change.accept(file);
    assertThatExceptionOfType(DamagedFileException.class)
        .isThrownBy(() -> file.imported(CONFIG))
        .withMessageStartingWith("model.safetensors: ")
        .withMessageContaining(reason);
  }

  private static void assertComputes(GoldenUpscaler golden, TrainedUpscaler trained) {
    assertThat(Engines.available()).extracting(Engine::name).contains("torch", "nd4j");
    for (Engine engine : Engines.available()) {
      try (Upscaler upscaler =
          engine.openUpscaler(golden.config(), trained.parameters(), EngineOptions.cpu(1))) {
        INDArray difference = upscaler.upscale(golden.input()).subi(golden.output());
        assertThat(difference.amaxNumber().doubleValue()).as(engine.name()).isLessThan(1e-5);
      }
    }
  }

  private static byte[] exported(TrainedUpscaler upscaler, ElementType type) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReferenceWeights.write(upscaler, type, out);
    return out.toByteArray();
  }

  private static void assertEqual(ReferenceFile found, ReferenceFile expected) {
    assertThat(found.tensors.keySet()).isEqualTo(expected.tensors.keySet());
    expected.tensors.forEach(
        (name, tensor) -> {
          assertThat(found.tensors.get(name).shape()).as(name).isEqualTo(tensor.shape());
          assertThat(found.tensors.get(name).elements()).as(name).isEqualTo(tensor.elements());
        });
  }
}
