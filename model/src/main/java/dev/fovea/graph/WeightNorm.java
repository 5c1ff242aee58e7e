package dev.fovea.graph;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Weight normalisation (Salimans and Kingma, 2016): w = g v / ||v||, the norm taken per output
 * channel. Arrays: v and w [O, I, k, k], g [O].
 */
final class WeightNorm {
  private WeightNorm() {}

  /** Writes w to {@code weights}. */
  static void fold(INDArray v, INDArray g, INDArray weights) {
    try (INDArray norm = norm(v);
        INDArray scale = g.div(norm)) {
      Nd4j.getExecutioner().exec(new BroadcastMulOp(matrix(v), scale, matrix(weights), 0));
    }
  }

  /**
   * Writes the gradients of v and g given that of w, which is overwritten.
   *
   * <p>With the unit vectors u = v / ||v||: dg = dw . u and dv = g / ||v|| (dw - dg u).
   */
  static void backward(
      INDArray v, INDArray g, INDArray weightGradient, INDArray vGradient, INDArray gGradient) {
    INDArray dw = matrix(weightGradient);
    INDArray dv = matrix(vGradient);
    try (INDArray norm = norm(v);
        INDArray unit = matrix(v).divColumnVector(norm)) {
      dw.mul(unit, dv);
      dv.sum(gGradient, 1);
      unit.muliColumnVector(gGradient);
      dw.sub(unit, dv);
      try (INDArray scale = g.div(norm)) {
        dv.muliColumnVector(scale);
      }
    }
  }

  private static INDArray norm(INDArray v) {
    return matrix(v).norm2(1);
  }

  private static INDArray matrix(INDArray v) {
    return v.reshape('c', v.size(0), v.length() / v.size(0));
  }
}
