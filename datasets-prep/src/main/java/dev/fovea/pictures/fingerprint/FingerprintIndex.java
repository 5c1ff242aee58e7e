package dev.fovea.pictures.fingerprint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds pictures among those of a set. A look-up compares with each of them: 100,000 in about ten
 * milliseconds for all orientations. Immutable and safe for use by several threads.
 */
public final class FingerprintIndex {
  private final Map<String, Fingerprint> bySha256 = new HashMap<>();
  private final List<Fingerprint> hashed;
  private final long[] words;

  public FingerprintIndex(Fingerprints fingerprints) {
    fingerprints.all().forEach(each -> bySha256.putIfAbsent(each.sha256(), each));
    hashed = fingerprints.all().stream().filter(each -> each.hash().isPresent()).toList();
    words = new long[4 * hashed.size()];
    for (int i = 0; i < hashed.size(); i++) {
      PerceptualHash hash = hashed.get(i).hash().orElseThrow();
      words[4 * i] = hash.a();
      words[4 * i + 1] = hash.b();
      words[4 * i + 2] = hash.c();
      words[4 * i + 3] = hash.d();
    }
  }

  /** How a picture was recognised. */
  public enum Kind {
    /** The same bytes. */
    IDENTICAL,
    /** The same picture in other bytes. */
    SIMILAR,
    /** The same picture, turned or mirrored. */
    TURNED
  }

  /**
   * The nearest picture of the set.
   *
   * @param distance bits of the perceptual hash that differ, 0 for identical files
   */
  public record Match(Fingerprint fingerprint, Kind kind, int distance) {}

  /**
   * The picture of the set that a picture is a copy of, if there is one.
   *
   * @param orientations its hashes by {@link PerceptualHash#ofAllOrientations}
   */
  public Optional<Match> find(String sha256, List<PerceptualHash> orientations) {
    Fingerprint same = bySha256.get(sha256);
    if (same != null) {
      return Optional.of(new Match(same, Kind.IDENTICAL, 0));
    }
    return nearest(orientations).filter(match -> match.distance() <= PerceptualHash.SAME);
  }

  /** The picture of the set that looks most like it, however little. */
  public Optional<Match> nearest(List<PerceptualHash> orientations) {
    int best = Integer.MAX_VALUE;
    int bestIndex = -1;
    int bestOrientation = 0;
    for (int orientation = 0; orientation < orientations.size(); orientation++) {
      PerceptualHash hash = orientations.get(orientation);
      for (int i = 0; i < hashed.size(); i++) {
        int distance =
            Long.bitCount(words[4 * i] ^ hash.a()) + Long.bitCount(words[4 * i + 1] ^ hash.b());
        if (distance < best) {
          distance +=
              Long.bitCount(words[4 * i + 2] ^ hash.c())
                  + Long.bitCount(words[4 * i + 3] ^ hash.d());
          if (distance < best) {
            best = distance;
            bestIndex = i;
            bestOrientation = orientation;
          }
        }
      }
    }
    return bestIndex < 0
        ? Optional.empty()
        : Optional.of(
            new Match(
                hashed.get(bestIndex), bestOrientation == 0 ? Kind.SIMILAR : Kind.TURNED, best));
  }
}
