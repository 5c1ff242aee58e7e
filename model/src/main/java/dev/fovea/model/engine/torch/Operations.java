package dev.fovea.model.engine.torch;

import dev.fovea.model.graph.BaseUpscalerVertex;
import dev.fovea.model.graph.BatchNorm;
import dev.fovea.model.graph.ChannelsLastVertex;
import dev.fovea.model.graph.Convolution;
import dev.fovea.model.graph.MaxPoolVertex;
import dev.fovea.model.graph.PixelShuffleVertex;
import dev.fovea.model.graph.PooledLogit;
import dev.fovea.model.graph.SiLUVertex;
import dev.fovea.model.graph.SumVertex;
import dev.fovea.model.graph.WeightNormConvolution;
import dev.fovea.model.loss.UpscalerLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;

/**
 * The table of what the torch engine can execute: DL4J layer or vertex type to {@link Operation}.
 *
 * <p>Activations are NCHW to LibTorch throughout. What a DL4J graph calls a change to NHWC is a
 * change of memory layout here: from {@link ChannelsLastVertex} on tensors are channels-last and in
 * the format of the convolutions, from {@link PixelShuffleVertex} on they are fp32 pictures again.
 */
final class Operations {
  private static final long[] ONE = {1, 1};

  private static final Map<Class<?>, BiFunction<String, Object, Operation>> TABLE =
      new LinkedHashMap<>();

  static {
    on(ChannelsLastVertex.class, (name, vertex) -> call -> channelsLast(call));
    on(WeightNormConvolution.class, Operations::convolution);
    on(SumVertex.class, (name, vertex) -> new SumOperation());
    on(PixelShuffleVertex.class, (name, vertex) -> call -> pixelShuffle(vertex, call));
    on(BaseUpscalerVertex.class, (name, vertex) -> base(vertex));
    on(UpscalerLoss.class, (name, layer) -> Operations::clamp);
    on(Convolution.class, Operations::convolution);
    on(BatchNorm.class, Operations::batchNorm);
    on(SiLUVertex.class, (name, vertex) -> Operations::silu);
    on(MaxPoolVertex.class, (name, vertex) -> call -> maxPool(call));
    on(PooledLogit.class, Operations::pooledLogit);
  }

  private Operations() {}

  /**
   * The operation of a vertex.
   *
   * @throws IllegalArgumentException naming the vertex, its type and the types there are
   */
  static Operation of(String name, GraphVertex vertex) {
    Object type = vertex instanceof LayerVertex layer ? layer.getLayerConf().getLayer() : vertex;
    BiFunction<String, Object, Operation> mapping = TABLE.get(type.getClass());
    if (mapping == null) {
      throw new IllegalArgumentException(
          "vertex %s is a %s, which the torch engine cannot execute; it knows %s"
              .formatted(
                  name,
                  type.getClass().getName(),
                  TABLE.keySet().stream()
                      .map(Class::getSimpleName)
                      .collect(Collectors.joining(", "))));
    }
    return mapping.apply(name, type);
  }

  private static <T> void on(Class<T> type, BiFunction<String, T, Operation> mapping) {
    TABLE.put(type, (name, vertex) -> mapping.apply(name, type.cast(vertex)));
  }

  private static Tensor channelsLast(Operation.Call call) {
    return call.numbers().channelsLast(call.input());
  }

  private static Operation convolution(String name, WeightNormConvolution layer) {
    return new ConvolutionOperation(name, layer.kernelSize(), 1, layer.activation());
  }

  private static Operation convolution(String name, Convolution layer) {
    return new ConvolutionOperation(name, layer.kernelSize(), layer.stride(), layer.activation());
  }

  private static Operation batchNorm(String name, BatchNorm layer) {
    return call -> {
      Tensor x = call.input();
      if (call.differentiable() && x.numel() == x.size(1)) {
        throw new IllegalArgumentException(
            "layer %s normalises %s in training mode, which needs 2 pixels or more of each channel"
                .formatted(name, Arrays.toString(x.sizes().vec().get())));
      }
      LayerWeights weights = call.weights();
      Tensor out =
          torch.batch_norm(
              x,
              new TensorOptional(weights.of(name, LayerWeights.WEIGHT)),
              new TensorOptional(weights.of(name, LayerWeights.BIAS)),
              new TensorOptional(weights.of(name, LayerWeights.RUNNING_MEAN)),
              new TensorOptional(weights.of(name, LayerWeights.RUNNING_VARIANCE)),
              call.differentiable(),
              BatchNorm.MOMENTUM,
              BatchNorm.EPSILON,
              true);
      return ConvolutionOperation.activated(layer.activation(), out, call.differentiable());
    };
  }

  private static Tensor silu(Operation.Call call) {
    if (call.differentiable() || !call.disposable()[0]) {
      return torch.silu(call.input());
    }
    torch.silu_(call.input());
    return call.input();
  }

  private static Tensor maxPool(Operation.Call call) {
    return torch.max_pool2d(
        call.input(), new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, ONE, false);
  }

  private static Operation pooledLogit(String name, PooledLogit layer) {
    return call -> {
      Tensor mean =
          call.input()
              .mean(new long[] {2, 3}, false, new ScalarTypeOptional(Numbers.TYPE_OF_PICTURES));
      return torch.linear(
          mean,
          call.weights().of(name, LayerWeights.WEIGHT),
          new TensorOptional(call.weights().of(name, LayerWeights.BIAS)));
    };
  }

  private static Tensor pixelShuffle(PixelShuffleVertex vertex, Operation.Call call) {
    return Numbers.picture(torch.pixel_shuffle(call.input(), vertex.upscaleRatio()));
  }

  private static Operation base(BaseUpscalerVertex vertex) {
    return new BaseUpscalerOperation(vertex.baseUpscaler(), vertex.upscaleRatio());
  }

  private static Tensor clamp(Operation.Call call) {
    ScalarOptional zero = new ScalarOptional(new Scalar(0.0));
    ScalarOptional one = new ScalarOptional(new Scalar(1.0));
    if (call.differentiable() || !call.disposable()[0]) {
      return call.input().clamp(zero, one);
    }
    call.input().clamp_(zero, one);
    return call.input();
  }
}
