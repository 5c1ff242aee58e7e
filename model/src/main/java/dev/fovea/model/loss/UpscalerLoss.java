package dev.fovea.model.loss;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import java.util.Collection;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The end of the upscaler: clamps its input to 0..1 and measures it against the target by
 * reconstruction + tvPenalty * TV.
 *
 * <p>NCHW [B, 3, H, W], both. As in PyTorch, the gradient of the clamp is 1 where the input lies in
 * 0..1, both ends included, and that of |x| is 0 at 0.
 */
public final class UpscalerLoss extends NoParamLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty("reconstruction")
  private ReconstructionLoss reconstruction;

  @JsonProperty("tvPenalty")
  private double tvPenalty;

  /** For JSON. */
  UpscalerLoss() {}

  public UpscalerLoss(LossConfig config) {
    this.reconstruction = config.reconstruction();
    this.tvPenalty = config.tvPenalty();
  }

  /** The loss that is measured. */
  public LossConfig config() {
    return new LossConfig(reconstruction, tvPenalty);
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParams,
      DataType dataType) {
    UpscalerLossLayer layer = new UpscalerLossLayer(conf, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    return layer;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), inputType, inputType)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UpscalerLoss that
        && super.equals(other)
        && config().equals(that.config());
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + config().hashCode();
  }

  @Override
  public String toString() {
    return "UpscalerLoss[%s]".formatted(config());
  }
}
