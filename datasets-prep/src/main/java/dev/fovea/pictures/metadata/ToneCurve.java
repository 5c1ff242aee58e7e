package dev.fovea.pictures.metadata;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** From samples, 0 to 1, to light. */
sealed interface ToneCurve {
  /** IEC 61966-2-1. */
  ToneCurve SRGB = new Parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);

  /** The curve as an ICC profile has it. */
  byte[] tag();

  /** Whether samples stand for more light than white, and are cut there. */
  boolean beyondWhite();

  static ToneCurve power(double exponent) {
    return new Parametric(exponent, 1, 0, 0, 0);
  }

  /** By the codes of ITU-T H.273. */
  static Optional<ToneCurve> ofCode(int code) {
    return Optional.ofNullable(
        switch (code) {
          case 1, 6, 14, 15 -> new Parametric(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081);
          case 4 -> power(2.2);
          case 5 -> power(2.8);
          case 8 -> power(1);
          case 13 -> SRGB;
          case 16 -> new Cut(ToneCurve::perceptualQuantizer);
          case 18 -> new Cut(ToneCurve::hybridLogGamma);
          default -> null;
        });
  }

  /** {@code (a x + b) ^ exponent} from d on, c x below. */
  record Parametric(double exponent, double a, double b, double c, double d) implements ToneCurve {
    @Override
    public byte[] tag() {
      ByteBuffer tag = ByteBuffer.allocate(32).put(Latin1.bytes("para")).putInt(0);
      tag.putShort((short) 3).putShort((short) 0);
      for (double parameter : new double[] {exponent, a, b, c, d}) {
        tag.putInt(MatrixProfile.fixed(parameter));
      }
      return tag.array();
    }

    @Override
    public boolean beyondWhite() {
      return false;
    }
  }

  /** A curve that goes on beyond white. */
  record Cut(DoubleUnaryOperator light) implements ToneCurve {
    private static final int ENTRIES = 4096;

    @Override
    public byte[] tag() {
      ByteBuffer tag = ByteBuffer.allocate(12 + 2 * ENTRIES).put(Latin1.bytes("curv"));
      tag.putInt(0).putInt(ENTRIES);
      for (int i = 0; i < ENTRIES; i++) {
        double value = Math.min(1, light.applyAsDouble(i / (ENTRIES - 1.0)));
        tag.putShort((short) Math.round(65535 * value));
      }
      return tag.array();
    }

    @Override
    public boolean beyondWhite() {
      return true;
    }
  }

  /** Candela by square metre of paper white, by ITU-R BT.2408. */
  double WHITE = 203;

  /** SMPTE ST 2084. */
  private static double perceptualQuantizer(double sample) {
    double root = Math.pow(sample, 32 / 2523.0);
    double fraction = Math.max(0, root - 107 / 128.0) / (2413 / 128.0 - 2392 / 128.0 * root);
    return 10_000 / WHITE * Math.pow(fraction, 16384 / 2610.0);
  }

  /** ITU-R BT.2100 on a display of 1000 candela, colour by colour. */
  private static double hybridLogGamma(double sample) {
    double scene =
        sample <= 0.5
            ? sample * sample / 3
            : (Math.exp((sample - 0.55991073) / 0.17883277) + 0.28466892) / 12;
    return 1000 / WHITE * Math.pow(scene, 1.2);
  }
}
