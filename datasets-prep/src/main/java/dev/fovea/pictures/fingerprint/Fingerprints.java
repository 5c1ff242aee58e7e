package dev.fovea.pictures.fingerprint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fingerprints of a set of pictures, as a file keeps them: {@value #MAGIC}, the count, and for
 * each picture SHA-256, perceptual hash (zeros for none) and name; about 90 bytes a picture.
 *
 * @param all in the order of names; the same set gives the same bytes
 */
public record Fingerprints(List<Fingerprint> all) {
  /** The file's usual name. */
  public static final String FILE_NAME = "fingerprints.bin";

  private static final String MAGIC = "FOVEAFP1";
  private static final PerceptualHash NONE = new PerceptualHash(0, 0, 0, 0);
  private static final int SMALLEST_ENTRY = 32 + 32 + 2;

  public Fingerprints {
    all =
        all.stream()
            .distinct()
            .sorted(Comparator.comparing(Fingerprint::name).thenComparing(Fingerprint::sha256))
            .toList();
  }

  /** Those of both sets, as for a model that was trained on one and then on the other. */
  public Fingerprints and(Fingerprints other) {
    Set<Fingerprint> both = new LinkedHashSet<>(all);
    both.addAll(other.all);
    return new Fingerprints(List.copyOf(both));
  }

  /** The content of a file of them. */
  public byte[] format() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBytes(MAGIC);
      out.writeInt(all.size());
      for (Fingerprint each : all) {
        out.write(HexFormat.of().parseHex(each.sha256()));
        PerceptualHash hash = each.hash().orElse(NONE);
        out.writeLong(hash.a());
        out.writeLong(hash.b());
        out.writeLong(hash.c());
        out.writeLong(hash.d());
        out.writeUTF(each.name());
      }
    } catch (IOException e) {
      throw new IllegalStateException("fingerprints cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws IOException saying what is wrong with it
   */
  public static Fingerprints parse(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String magic =
          new String(in.readNBytes(MAGIC.length()), java.nio.charset.StandardCharsets.US_ASCII);
      if (!magic.equals(MAGIC)) {
        throw new IOException("fingerprints do not begin with " + MAGIC);
      }
      int count = in.readInt();
      if (count < 0 || (long) count * SMALLEST_ENTRY > bytes.length) {
        throw new IOException(
            "%d bytes cannot hold the %d fingerprints they promise".formatted(bytes.length, count));
      }
      List<Fingerprint> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] sha256 = new byte[32];
        in.readFully(sha256);
        PerceptualHash hash =
            new PerceptualHash(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        all.add(
            new Fingerprint(
                in.readUTF(),
                HexFormat.of().formatHex(sha256),
                hash.equals(NONE) ? Optional.empty() : Optional.of(hash)));
      }
      if (in.read() >= 0) {
        throw new IOException(
            "there is something behind the last of %d fingerprints".formatted(count));
      }
      return new Fingerprints(all);
    } catch (EOFException e) {
      throw new IOException(
          "fingerprints end too early, after %d bytes".formatted(bytes.length), e);
    } catch (java.io.UTFDataFormatException e) {
      throw new IOException("a name among the fingerprints is not UTF-8", e);
    }
  }
}
