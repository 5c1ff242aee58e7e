package dev.fovea.model.engine.torch;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Upscales with LibTorch, without autograd, with kernels folded once. */
final class TorchUpscaler implements Upscaler {
  private final NetworkThread thread;
  private final Residents residents = new Residents();
  private final PinnedStaging incoming = new PinnedStaging();
  private final PinnedStaging outgoing = new PinnedStaging();
  private final Program program;
  private final TorchDevice device;
  private final Numbers numbers;
  private final int ratio;
  private final LayerWeights weights;

  TorchUpscaler(
      UpscalerConfig config, INDArray parameters, TorchDevice device, EngineOptions options) {
    if (parameters.length() != config.parameterCount()) {
      throw new IllegalArgumentException(
          "%d parameters given, %s has %d"
              .formatted(parameters.length(), config, config.parameterCount()));
    }
    this.device = device;
    program = Program.of(graph(config));
    numbers = device.numbers(options.precision());
    ratio = config.upscaleRatio();
    INDArray values = HostMemory.contiguous("parameters", parameters);
    thread = new NetworkThread("torch-upscaler", options.threads());
    weights = thread.callOn(List.of(values), () -> Within.noGradient(() -> fold(values)));
  }

  @Override
  public INDArray upscale(INDArray lowResolution) {
    INDArray low = HostMemory.pictures("low resolution", lowResolution);
    INDArray high =
        Nd4j.createUninitialized(
            DataType.FLOAT, low.size(0), low.size(1), ratio * low.size(2), ratio * low.size(3));
    return thread.callOn(List.of(low), () -> Within.noGradient(() -> predict(low, high)));
  }

  private INDArray predict(INDArray low, INDArray high) {
    Tensor input = HostMemory.tensor(low, low.shape());
    if (device.cuda()) {
      Tensor pinned = incoming.shaped(low.shape());
      pinned.copy_(input);
      input = pinned.to(device.device(), Numbers.TYPE_OF_PICTURES, true, false, null);
    }
    Tensor output = program.predict(input, weights, numbers, false);
    if (device.cuda()) {
      Tensor pinned = outgoing.shaped(high.shape());
      pinned.copy_(output);
      output = pinned;
    }
    HostMemory.copy(output, high);
    return high;
  }

  @Override
  public String execution() {
    return "torch %s %s".formatted(device.cuda() ? "cuda" : "cpu", numbers.precision().id());
  }

  @Override
  public void close() {
    thread.closeAfter(
        () -> {
          residents.close();
          incoming.close();
          outgoing.close();
        });
  }

  private LayerWeights fold(INDArray parameters) {
    Tensor flat = onDevice(parameters, parameters.length());
    List<StackTensors> stacks =
        program.stacks().stream().map(stack -> StackTensors.of(stack, flat)).toList();
    return LayerWeights.of(stacks, numbers).kept(residents);
  }

  private Tensor onDevice(INDArray array, long... shape) {
    return HostMemory.tensor(array, shape).to(device.device(), Numbers.TYPE_OF_PICTURES);
  }

  /** The graph with any loss and optimiser: neither is used. */
  private static ComputationGraphConfiguration graph(UpscalerConfig config) {
    return UpscalerGraph.training(
        config, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8));
  }
}
