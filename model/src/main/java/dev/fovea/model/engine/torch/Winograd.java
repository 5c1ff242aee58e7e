package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Winograd's minimal filtering F(4, 3) along the height: four rows of a 3x3 convolution for six 1x3
 * convolutions of rows, where they would take twelve.
 *
 * <p>{@code y = A' [(G k) * (B' x)]} with the matrices of Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks" (2016), the last of the six positions divided by 4 in {@code B}
 * and multiplied in {@code G}. Along one dimension the sums cost little beside the products, and
 * the rounding error is about 2e-6 of the result. Tensors are channels-last fp32; {@code x} and
 * {@code y} are [B, C, H, W] with H a multiple of 4, positions are six tensors [B, C, H/4, W].
 * Nothing here is recorded by autograd. Stateless.
 */
final class Winograd {
  /** Rows of the result that are computed together. */
  static final int ROWS = 4;

  /** Products of rows that they take. */
  static final int POSITIONS = 6;

  /**
   * The position whose value is added to each of the four rows as it is: there the bias goes, and
   * its gradient comes from.
   */
  static final int BIAS_POSITION = 1;

  private static final int HEIGHT = 2;

  private static final Scalar QUARTER = number(0.25);
  private static final Scalar FIVE_QUARTERS = number(1.25);
  private static final Scalar TWO = number(2);
  private static final Scalar FOUR = number(4);
  private static final Scalar FIVE = number(5);
  private static final Scalar MINUS_FIVE = number(-5);
  private static final Scalar EIGHT = number(8);
  private static final Scalar SIXTH = number(1 / 6.0);
  private static final Scalar MINUS_SIXTH = number(-1 / 6.0);
  private static final Scalar TWELFTH = number(1 / 12.0);
  private static final Scalar TWENTY_FOURTH = number(1 / 24.0);

  private Winograd() {}

  /** {@code B' x}, six positions of an input [B, C, H, W] that is padded with a row of zeros. */
  static Tensor[] input(Tensor x) {
    return Within.scopeOf(
        () -> {
          long tiles = x.size(HEIGHT) / ROWS;
          TensorVector rows = rows(x);
          Tensor d1 = rows.get(0);
          Tensor d2 = rows.get(1);
          Tensor d3 = rows.get(2);
          Tensor d4 = rows.get(3);
          Tensor v0 = d4.sub(d2, FIVE);
          v0.narrow(HEIGHT, 1, tiles - 1).add_(d4.narrow(HEIGHT, 0, tiles - 1), FOUR);
          Tensor even = d4.sub(d2, FOUR);
          Tensor odd = d3.sub(d1, FOUR);
          Tensor v1 = even.add(odd);
          even.sub_(odd);
          Tensor v4 = d4.sub(d2);
          torch.sub_out(odd, d3, d1);
          Tensor v3 = v4.add(odd, TWO);
          v4.sub_(odd, TWO);
          Tensor v5 = d1.sub(d3, FIVE_QUARTERS);
          v5.narrow(HEIGHT, 0, tiles - 1).add_(d1.narrow(HEIGHT, 1, tiles - 1), QUARTER);
          return new Tensor[] {v0, v1, even, v3, v4, v5};
        });
  }

  /**
   * The gradient by x from those by {@code B' x}, which are overwritten.
   *
   * @return [B, C, H, W]
   */
  static Tensor inputGradient(Tensor[] v) {
    return Within.scopeOf(
        () -> {
          Tensor dx = fourRowsOf(v[0]);
          long tiles = v[0].size(HEIGHT);
          Tensor s = v[1].add(v[2]);
          Tensor d = v[1].sub_(v[2]);
          Tensor t = v[3].add(v[4]);
          Tensor u = v[3].sub_(v[4]);

          TensorVector rows = rows(dx);
          Tensor d4 = rows.get(3);
          torch.add_out(d4, s, t);
          d4.add_(v[0]);
          d4.narrow(HEIGHT, 0, tiles - 1).add_(v[0].narrow(HEIGHT, 1, tiles - 1), FOUR);

          v[0].mul_(MINUS_FIVE);
          v[0].sub_(s, FOUR);
          torch.sub_out(rows.get(1), v[0], t);

          Tensor d1 = rows.get(0);
          torch.sub_out(d1, v[5], d, FOUR);
          d1.sub_(u, TWO);
          d1.narrow(HEIGHT, 1, tiles - 1).add_(v[5].narrow(HEIGHT, 0, tiles - 1), QUARTER);

          Tensor d3 = rows.get(2);
          torch.add_out(d3, d, u, TWO);
          d3.sub_(v[5], FIVE_QUARTERS);
          return new Tensor[] {dx};
        })[0];
  }

  /**
   * {@code A' m}, four rows from six positions, which are overwritten.
   *
   * @return [B, C, H, W]
   */
  static Tensor output(Tensor[] m) {
    return Within.scopeOf(
        () -> {
          Tensor y = fourRowsOf(m[0]);
          TensorVector rows = rows(y);
          Tensor p = m[1].add(m[2]);
          Tensor q = m[1].sub_(m[2]);
          Tensor r = m[3].add(m[4]);
          Tensor s = m[3].sub_(m[4]);
          m[0].add_(p);
          torch.add_out(rows.get(0), m[0], r);
          torch.add_out(rows.get(1), q, s, TWO);
          torch.add_out(rows.get(2), p, r, FOUR);
          m[5].add_(q);
          torch.add_out(rows.get(3), m[5], s, EIGHT);
          return new Tensor[] {y};
        })[0];
  }

  /** The gradients by the six positions from that by {@code A' m}, [B, C, H, W]. */
  static Tensor[] outputGradient(Tensor dy) {
    return Within.scopeOf(
        () -> {
          TensorVector rows = rows(dy);
          Tensor y0 = rows.get(0);
          Tensor y1 = rows.get(1);
          Tensor y2 = rows.get(2);
          Tensor y3 = rows.get(3);
          Tensor even = y0.add(y2);
          Tensor odd = y1.add(y3);
          Tensor m1 = even.add(odd);
          even.sub_(odd);
          Tensor m4 = y0.add(y2, FOUR);
          torch.add_out(odd, y1, y3, FOUR);
          Tensor m3 = m4.add(odd, TWO);
          m4.sub_(odd, TWO);
          return new Tensor[] {copy(y0), m1, even, m3, m4, copy(y3)};
        });
  }

  /** {@code G k} of kernels [O, C, 3, 3]: six kernels [O, C, 1, 3] for each. */
  static Tensor[] kernel(Tensor k) {
    return Within.scopeOf(
        () -> {
          Tensor k0 = k.narrow(HEIGHT, 0, 1);
          Tensor k1 = k.narrow(HEIGHT, 1, 1);
          Tensor k2 = k.narrow(HEIGHT, 2, 1);
          Tensor outer = k0.add(k2);
          Tensor u1 = outer.add(k1).mul_(MINUS_SIXTH);
          Tensor u2 = k1.sub(outer).mul_(SIXTH);
          Tensor rising = k0.add(k2, FOUR).mul_(TWENTY_FOURTH);
          Tensor u3 = rising.add(k1, TWELFTH);
          rising.sub_(k1, TWELFTH);
          return new Tensor[] {k0.mul(QUARTER), u1, u2, u3, rising, k2.mul(FOUR)};
        });
  }

  /**
   * Writes the gradient by kernels from those by {@code G k}.
   *
   * @param dk [O, C, 3, 3]
   */
  static void kernelGradient(Tensor[] u, Tensor dk) {
    Within.scopeOf(
        () -> {
          Tensor inner = u[1].add(u[2]).mul_(MINUS_SIXTH);
          Tensor outer = u[3].add(u[4]);
          Tensor dk0 = dk.narrow(HEIGHT, 0, 1);
          torch.add_out(dk0, inner, u[0], QUARTER);
          dk0.add_(outer, TWENTY_FOURTH);
          Tensor dk2 = dk.narrow(HEIGHT, 2, 1);
          torch.add_out(dk2, inner, u[5], FOUR);
          dk2.add_(outer, SIXTH);
          Tensor dk1 = dk.narrow(HEIGHT, 1, 1);
          torch.sub_out(dk1, u[2], u[1]);
          dk1.mul_(SIXTH);
          dk1.add_(u[3].sub(u[4]), TWELFTH);
          return new Tensor[0];
        });
  }

  /** Four views [B, C, H/4, W], of the first row of each tile, of the second, and so on. */
  private static TensorVector rows(Tensor tensor) {
    return tensor.unflatten(HEIGHT, tensor.size(HEIGHT) / ROWS, ROWS).unbind(HEIGHT + 1);
  }

  private static Tensor fourRowsOf(Tensor position) {
    return torch.empty(
        new long[] {
          position.size(0), position.size(1), ROWS * position.size(HEIGHT), position.size(3)
        },
        position.options(),
        new MemoryFormatOptional(torch.MemoryFormat.ChannelsLast));
  }

  private static Tensor copy(Tensor view) {
    return view.contiguous(torch.MemoryFormat.ChannelsLast);
  }

  private static Scalar number(double value) {
    return Constants.of(new Scalar(value));
  }
}
