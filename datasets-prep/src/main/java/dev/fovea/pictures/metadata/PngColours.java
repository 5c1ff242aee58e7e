package dev.fovea.pictures.metadata;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What PNG's chunks cICP, sRGB, gAMA and cHRM say of the colours, as the third edition of its
 * specification orders them: cICP counts before a colour profile, sRGB before gAMA and cHRM.
 *
 * @param chunks data by type, of the right length
 */
public record PngColours(SortedMap<String, byte[]> chunks) {
  /** A file without such chunks: sRGB. */
  public static final PngColours NONE = new PngColours(new TreeMap<>());

  private static final String CICP = "cICP";
  private static final String SRGB = "sRGB";
  private static final String GAMMA = "gAMA";
  private static final String PRIMARIES = "cHRM";
  private static final Map<String, Integer> LENGTHS =
      Map.of(CICP, 4, SRGB, 1, GAMMA, 4, PRIMARIES, 32);

  /** Of the unit of gAMA and cHRM. */
  private static final double UNIT = 100_000;

  private static final int SRGB_GAMMA = 45_455;

  /** Some write 0.45. */
  private static final int NEAR_GAMMA = 500;

  /** As libpng compares them. */
  private static final double NEAR_PRIMARIES = 0.01;

  private static final double LEAST_EXPONENT = 0.1;
  private static final double LARGEST_EXPONENT = 10;

  public PngColours {
    chunks = Collections.unmodifiableSortedMap(new TreeMap<>(chunks));
  }

  /** Whether chunks of a type belong here. */
  public static boolean has(String type) {
    return LENGTHS.containsKey(type);
  }

  /** The same with one more chunk; itself where that is misshapen. */
  public PngColours with(String type, byte[] data) {
    if (data.length != LENGTHS.get(type)) {
      return this;
    }
    SortedMap<String, byte[]> more = new TreeMap<>(chunks);
    more.put(type, data);
    return new PngColours(more);
  }

  /** The chunks that have a meaning beside a colour profile. */
  public PngColours besideProfile() {
    return chunks.containsKey(CICP) ? NONE.with(CICP, chunks.get(CICP)) : NONE;
  }

  /** Whether cICP is there and known, so that no profile counts. */
  public boolean overrideProfile() {
    return cicp().isPresent();
  }

  /** What is there but cannot be followed, in one line. */
  public Optional<String> unknown() {
    if (chunks.containsKey(CICP) && cicp().isEmpty()) {
      return Optional.of(
          "colours of cICP %s are not known and not applied"
              .formatted(Arrays.toString(chunks.get(CICP))));
    }
    boolean gamma = chunks.containsKey(GAMMA) && exponent().isEmpty();
    boolean primaries = chunks.containsKey(PRIMARIES) && primaries().isEmpty();
    boolean count = !overrideProfile() && !chunks.containsKey(SRGB);
    return count && (gamma || primaries)
        ? Optional.of("gamma or primaries that cannot be are not applied")
        : Optional.empty();
  }

  /** Whether brighter colours than white can occur, which no profile here expresses. */
  public boolean beyondWhite() {
    return cicp().filter(space -> space.curve().beyondWhite()).isPresent();
  }

  /** A profile that says the same; nothing where that is sRGB. */
  public Optional<byte[]> profile(boolean grey) {
    return cicp()
        .or(this::gammaAndPrimaries)
        .filter(space -> !space.isSrgb(grey))
        .map(space -> MatrixProfile.of(space.primaries(), space.curve(), grey));
  }

  private record Space(Primaries primaries, ToneCurve curve) {
    boolean isSrgb(boolean grey) {
      return curve.equals(ToneCurve.SRGB)
          && (grey || primaries.isNear(Primaries.SRGB, NEAR_PRIMARIES));
    }
  }

  private Optional<Space> cicp() {
    byte[] codes = chunks.get(CICP);
    if (codes == null || codes[2] != 0 || codes[3] != 1) {
      return Optional.empty(); // Not RGB, or of the narrow range of video.
    }
    return Primaries.ofCode(codes[0])
        .flatMap(primaries -> ToneCurve.ofCode(codes[1]).map(curve -> new Space(primaries, curve)));
  }

  private Optional<Space> gammaAndPrimaries() {
    if (chunks.containsKey(SRGB)) {
      return Optional.empty();
    }
    Primaries primaries = primaries().orElse(Primaries.SRGB);
    boolean srgbPrimaries = primaries.isNear(Primaries.SRGB, NEAR_PRIMARIES);
    return Optional.of(
        new Space(
            primaries,
            exponent()
                .filter(e -> !srgbPrimaries || Math.abs(UNIT / e - SRGB_GAMMA) > NEAR_GAMMA)
                .map(ToneCurve::power)
                .orElse(ToneCurve.SRGB)));
  }

  /** What samples are raised to for light. */
  private Optional<Double> exponent() {
    return Optional.ofNullable(chunks.get(GAMMA))
        .map(data -> UNIT / (ByteBuffer.wrap(data).getInt() & 0xFFFF_FFFFL))
        .filter(exponent -> exponent >= LEAST_EXPONENT && exponent <= LARGEST_EXPONENT);
  }

  private Optional<Primaries> primaries() {
    byte[] data = chunks.get(PRIMARIES);
    if (data == null) {
      return Optional.empty();
    }
    ByteBuffer numbers = ByteBuffer.wrap(data);
    double[] xy = new double[8];
    Arrays.setAll(xy, i -> numbers.getInt() / UNIT);
    return Optional.of(new Primaries(xy)).filter(Primaries::possible);
  }
}
