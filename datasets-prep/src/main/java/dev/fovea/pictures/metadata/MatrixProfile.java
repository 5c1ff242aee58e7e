package dev.fovea.pictures.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the smallest ICC profiles (version 4.2): a curve, and for RGB a matrix. */
final class MatrixProfile {
  private static final int HEADER = 128;
  private static final int ENTRY = 12;

  private MatrixProfile() {}

  /** The profile of a colour space, or of its greys. */
  static byte[] of(Primaries primaries, ToneCurve curve, boolean grey) {
    Map<String, byte[]> tags = new LinkedHashMap<>();
    tags.put("desc", text(grey ? "Grey of PNG" : "Colours of PNG"));
    tags.put("cprt", text("CC0"));
    tags.put("wtpt", numbers("XYZ ", Primaries.D50));
    if (grey) {
      tags.put("kTRC", curve.tag());
    } else {
      double[][] matrix = primaries.toD50();
      String[] colours = {"r", "g", "b"};
      for (int i = 0; i < 3; i++) {
        tags.put(colours[i] + "XYZ", numbers("XYZ ", matrix[0][i], matrix[1][i], matrix[2][i]));
      }
      byte[] tag = curve.tag();
      for (String colour : colours) {
        tags.put(colour + "TRC", tag);
      }
      double[][] a = primaries.adaptation();
      tags.put(
          "chad",
          numbers(
              "sf32", a[0][0], a[0][1], a[0][2], a[1][0], a[1][1], a[1][2], a[2][0], a[2][1],
              a[2][2]));
    }
    return profile(grey ? "GRAY" : "RGB ", tags);
  }

  /** A number with 16 bits of fraction. */
  static int fixed(double value) {
    return (int) Math.round(value * 65536);
  }

  private static byte[] profile(String colourSpace, Map<String, byte[]> tags) {
    int table = HEADER + 4 + ENTRY * tags.size();
    int size = table;
    IdentityHashMap<byte[], Integer> places = new IdentityHashMap<>();
    for (byte[] tag : tags.values()) {
      if (places.putIfAbsent(tag, size) == null) {
        size += (tag.length + 3) / 4 * 4;
      }
    }
    ByteBuffer profile = ByteBuffer.allocate(size);
    profile.putInt(size).putInt(0).putInt(0x0420_0000);
    profile.put(Latin1.bytes("mntr" + colourSpace + "XYZ "));
    for (int part : new int[] {2000, 1, 1, 0, 0, 0}) {
      profile.putShort((short) part); // Equal pictures get equal bytes.
    }
    profile.put(Latin1.bytes("acsp"));
    profile.position(68);
    for (double part : Primaries.D50) {
      profile.putInt(fixed(part));
    }
    profile.position(HEADER).putInt(tags.size());
    tags.forEach(
        (name, tag) -> profile.put(Latin1.bytes(name)).putInt(places.get(tag)).putInt(tag.length));
    places.forEach((tag, place) -> profile.position(place).put(tag));
    return profile.array();
  }

  private static byte[] text(String text) {
    byte[] wide = text.getBytes(StandardCharsets.UTF_16BE);
    return ByteBuffer.allocate(28 + wide.length)
        .put(Latin1.bytes("mluc"))
        .putInt(0)
        .putInt(1)
        .putInt(12)
        .put(Latin1.bytes("enUS"))
        .putInt(wide.length)
        .putInt(28)
        .put(wide)
        .array();
  }

  private static byte[] numbers(String type, double... values) {
    ByteBuffer tag = ByteBuffer.allocate(8 + 4 * values.length).put(Latin1.bytes(type)).putInt(0);
    for (double value : values) {
      tag.putInt(fixed(value));
    }
    return tag.array();
  }
}
