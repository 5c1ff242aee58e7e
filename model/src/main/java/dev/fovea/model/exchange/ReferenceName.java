package dev.fovea.model.exchange;

/**
 * How the PyTorch reference names a convolution's tensors. With weight norm they are {@code
 * parametrizations.weight.original0} (gain), {@code parametrizations.weight.original1} (direction)
 * and {@code bias}; where it was folded, {@code weight} and {@code bias}.
 */
enum ReferenceName {
  GAIN("g", "parametrizations.weight.original0"),
  DIRECTION("v", "parametrizations.weight.original1"),
  BIAS("b", "bias");

  /** The suffix of a folded convolution's kernel. */
  static final String FOLDED = "weight";

  /** What {@code torch.compile} puts in front of every name. */
  static final String COMPILED = "_orig_mod.";

  private final String ours;
  private final String suffix;

  ReferenceName(String ours, String suffix) {
    this.ours = ours;
    this.suffix = suffix;
  }

  /** Which of a convolution's tensors a name such as {@code encoder.3.conv1.v} means. */
  static ReferenceName ofOurs(String name) {
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    for (ReferenceName candidate : values()) {
      if (candidate.ours.equals(suffix)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("'%s' ends on none of .v, .g, .b".formatted(name));
  }

  /** The convolution of a name such as {@code encoder.3.conv1.v}. */
  static String convolution(String ourName) {
    return ourName.substring(0, ourName.lastIndexOf('.'));
  }

  /** The reference's name of this tensor of a convolution. */
  String of(String convolution) {
    return convolution + "." + suffix;
  }
}
