package dev.fovea.model.engine.torch;

import dev.fovea.model.graph.WeightNormConvolution.Activation;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A convolution, padded with zeros by half its kernel, and what follows it.
 *
 * @param name the layer's
 * @param kernelSize height and width, odd
 * @param stride along both
 * @param activation what follows
 */
record ConvolutionOperation(String name, int kernelSize, int stride, Activation activation)
    implements Operation {

  @Override
  public Tensor apply(Call call) {
    Tensor bias = call.weights().of(name, LayerWeights.BIAS);
    boolean addedAfterwards =
        bias != null && call.differentiable() && ConvolutionPass.slowBias(call.input());
    long[] padding = {kernelSize / 2, kernelSize / 2};
    Tensor out =
        ConvolutionPass.convolved(
            call.input(),
            call.weights().of(name, LayerWeights.KERNEL),
            addedAfterwards ? null : bias,
            stride,
            padding);
    if (addedAfterwards) {
      out.add_(bias.view(1, -1, 1, 1));
    }
    return activated(activation, out, call.differentiable());
  }

  /** Consumes a tensor that nobody else reads. */
  static Tensor activated(Activation activation, Tensor out, boolean differentiable) {
    if (activation == Activation.NONE) {
      return out;
    }
    if (!differentiable) {
      torch.silu_(out);
      return out;
    }
    Tensor activated = torch.silu(out);
    out.close();
    return activated;
  }

  @Override
  public Recorded record(Call call, RecordedWeights weights, boolean[] asked) {
    Residents saved = new Residents();
    Tensor x = call.input();
    ConvolutionPass pass =
        stride == 1 && WinogradPass.pays(x, weights.of(name, LayerWeights.KERNEL))
            ? WinogradPass.of(x, name, weights, asked[0], saved)
            : ConvolutionPass.of(x, name, stride, weights, asked[0], saved);
    if (activation == Activation.NONE) {
      return new Recorded(
          pass.result(), gradient -> new Tensor[] {pass.wayBack().apply(gradient)}, saved);
    }
    Tensor before = saved.keep(pass.result());
    return new Recorded(
        torch.silu(before),
        gradient -> {
          Tensor byBefore = byBefore(gradient, before);
          before.deallocate();
          Tensor byInput = pass.wayBack().apply(byBefore);
          byBefore.deallocate();
          return new Tensor[] {byInput};
        },
        saved);
  }

  /** Through SiLU; over the gradient, unless it is somebody else's, too. */
  private static Tensor byBefore(Tensor gradient, Tensor before) {
    if (gradient.use_count() > 1) {
      return torch.silu_backward(gradient, before);
    }
    torch.silu_backward_out(gradient, gradient, before);
    return gradient;
  }
}
