package dev.fovea.model.golden;

import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One recorded forward and backward pass of the reference implementation: 8 channels, 2 blocks, MSE
 * and a TV penalty of 0.5.
 */
public enum GoldenUpscaler {
  X2_BILINEAR_H1(BaseUpscaler.BILINEAR, 2, 1),
  X2_BICUBIC_H2(BaseUpscaler.BICUBIC, 2, 2),
  X4_BILINEAR_H4(BaseUpscaler.BILINEAR, 4, 4),
  X4_BICUBIC_H2(BaseUpscaler.BICUBIC, 4, 2),
  X8_BICUBIC_H1(BaseUpscaler.BICUBIC, 8, 1),
  X8_BICUBIC_H2(BaseUpscaler.BICUBIC, 8, 2);

  private static final Map<String, String> SUFFIXES =
      Map.of(
          "v", "parametrizations.weight.original1",
          "g", "parametrizations.weight.original0",
          "b", "bias");

  private final BaseUpscaler base;
  private final int ratio;
  private final int hiddenRatio;

  GoldenUpscaler(BaseUpscaler base, int ratio, int hiddenRatio) {
    this.base = base;
    this.ratio = ratio;
    this.hiddenRatio = hiddenRatio;
  }

  public UpscalerConfig config() {
    return new UpscalerConfig(base, ratio, 8, hiddenRatio, 2);
  }

  public LossConfig loss() {
    return new LossConfig(ReconstructionLoss.MSE, 0.5);
  }

  public INDArray input() {
    return array("input");
  }

  public INDArray target() {
    return array("target");
  }

  public INDArray output() {
    return array("output");
  }

  /** One of {@code mse}, {@code tv} and {@code loss}. */
  public double figure(String name) {
    return file().get(name).elements()[0];
  }

  /** The recorded parameters in the flat order of the given network. */
  public INDArray parameters(ComputationGraph network) {
    return flat(network, "param.");
  }

  /** The recorded parameters by the reference's names. */
  public Map<String, NpzFile.Values> tensors() {
    Map<String, NpzFile.Values> tensors = new TreeMap<>();
    file()
        .arrays()
        .forEach(
            (name, values) -> {
              if (name.startsWith("param.")) {
                tensors.put(name.substring("param.".length()), values);
              }
            });
    return tensors;
  }

  /** The recorded gradient in the flat order of the given network. */
  public INDArray gradient(ComputationGraph network) {
    return flat(network, "grad.");
  }

  private INDArray flat(ComputationGraph network, String prefix) {
    NpzFile file = file();
    ComputationGraph copy = new ComputationGraph(network.getConfiguration().clone());
    copy.init();
    copy.paramTable()
        .forEach(
            (key, view) -> {
              int split = key.lastIndexOf('_');
              String name =
                  prefix + key.substring(0, split) + "." + SUFFIXES.get(key.substring(split + 1));
              view.assign(
                  Nd4j.createFromArray(file.get(name).elements()).reshape('c', view.shape()));
            });
    return copy.params();
  }

  private INDArray array(String name) {
    NpzFile.Values values = file().get(name);
    return Nd4j.createFromArray(Arrays.copyOf(values.elements(), values.elements().length))
        .reshape('c', values.shape());
  }

  private NpzFile file() {
    return NpzFile.golden("upscaler_%dx_%s_h%d.npz".formatted(ratio, base.id(), hiddenRatio));
  }
}
