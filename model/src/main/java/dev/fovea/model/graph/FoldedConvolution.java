package dev.fovea.model.graph;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution whose weight norm is folded away, as inference and exchange formats want it.
 *
 * @param name the layer's name, such as {@code encoder.3.conv1}
 * @param weights [O, I, k, k] in 'c' order, owned by this
 * @param bias [O], owned by this
 */
public record FoldedConvolution(String name, INDArray weights, INDArray bias)
    implements AutoCloseable {

  static FoldedConvolution of(String name, INDArray v, INDArray g, INDArray b) {
    INDArray weights = Nd4j.createUninitialized(v.dataType(), v.shape(), 'c');
    WeightNorm.fold(v, g, weights);
    return new FoldedConvolution(name, weights, b.dup());
  }

  /** Writes the convolution of x NHWC [B, H, W, I] to {@code out} [B, H, W, O]. */
  void apply(INDArray x, INDArray out) {
    NativeConvolution.forward(x, weights, bias, out);
  }

  /** Releases the arrays. */
  @Override
  public void close() {
    weights.close();
    bias.close();
  }
}
