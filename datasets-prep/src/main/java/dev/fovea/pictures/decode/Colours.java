package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies ICC profiles (through the JDK's LittleCMS), or finds that they cannot be applied. */
final class Colours {
  private static final ICC_ColorSpace SRGB =
      (ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_sRGB);

  /** Rows converted in one call: LittleCMS copies what it is given. */
  private static final int SAMPLES_A_CALL = 1 << 18;

  private static final int MAX_KNOWN = 64;
  private static final int MAX_KNOWN_BYTES = 1 << 16;

  /**
   * Whether profiles met lately are sRGB: finding out takes a millisecond, and most files share
   * few.
   */
  private static final Map<ByteBuffer, Boolean> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  private Colours() {}

  /**
   * The picture as the policy wants it. A profile that is broken, or not of the picture's kind, is
   * dropped with a note. Converted are also the colours of PNG's own chunks.
   */
  static Picture apply(Picture picture, ColourPolicy policy, List<String> notes) {
    Metadata metadata = withUsableProfile(picture.metadata(), picture.grey(), notes);
    metadata.colours().unknown().ifPresent(notes::add);
    if (policy == ColourPolicy.KEEP) {
      return picture.withMetadata(metadata);
    }
    Picture plain = picture.withMetadata(metadata.inSrgb());
    Optional<byte[]> icc = metadata.profile(picture.grey());
    if (icc.isEmpty()) {
      return plain;
    }
    ICC_Profile profile = ICC_Profile.getInstance(icc.get());
    if (!picture.grey() && isSrgb(icc.get(), profile)) {
      return plain;
    }
    if (metadata.colours().beyondWhite()) {
      notes.add("colours brighter than white are cut to white");
    }
    try {
      Samples converted = toSrgb(picture.samples(), picture.channels(), profile);
      return plain.withSamples(plain.width(), plain.height(), converted, plain.alpha());
    } catch (CMMException | IllegalArgumentException e) {
      notes.add("unusable colour profile ignored: " + e.getMessage());
      return plain;
    }
  }

  /** A profile as long as it says, and only if it can be used. */
  private static Metadata withUsableProfile(Metadata metadata, boolean grey, List<String> notes) {
    if (metadata.icc().isEmpty() || (!grey && isKnownSrgb(metadata.icc().get()))) {
      return metadata;
    }
    byte[] icc = metadata.icc().get();
    int kind = grey ? ColorSpace.TYPE_GRAY : ColorSpace.TYPE_RGB;
    return metadata.withIcc(
        usable(icc, kind, notes).map(profile -> Arrays.copyOf(icc, Bytes.big32(icc, 0))));
  }

  /**
   * Four-colour samples, 255 being full ink, as sRGB: by the profile where there is a usable one,
   * else (255 - ink)(255 - black) / 255.
   */
  static byte[] fromCmyk(byte[] cmyk, Optional<byte[]> icc, List<String> notes) {
    Optional<ICC_Profile> profile =
        icc.flatMap(bytes -> usable(bytes, ColorSpace.TYPE_CMYK, notes));
    if (profile.isPresent()) {
      try {
        return toSrgb(new Samples.Bytes(cmyk), 4, profile.get()).toBytes().values();
      } catch (CMMException | IllegalArgumentException e) {
        notes.add("unusable colour profile ignored: " + e.getMessage());
      }
    }
    byte[] rgb = new byte[cmyk.length / 4 * 3];
    for (int from = 0, to = 0; from < cmyk.length; from += 4) {
      int white = 255 - (cmyk[from + 3] & 0xFF);
      for (int c = 0; c < 3; c++) {
        rgb[to++] = (byte) (((255 - (cmyk[from + c] & 0xFF)) * white + 127) / 255);
      }
    }
    return rgb;
  }

  private static Optional<ICC_Profile> usable(byte[] bytes, int kind, List<String> notes) {
    if (bytes.length < 132 || !Bytes.startsWith(bytes, 36, "acsp")) {
      notes.add("broken colour profile ignored");
      return Optional.empty();
    }
    // Some writers pad the profile; LittleCMS wants what the size field says.
    int declared = Bytes.big32(bytes, 0);
    if (declared < 132 || declared > bytes.length) {
      notes.add(
          "colour profile that declares %d bytes in %d ignored".formatted(declared, bytes.length));
      return Optional.empty();
    }
    try {
      ICC_Profile profile = ICC_Profile.getInstance(Arrays.copyOf(bytes, declared));
      if (profile.getColorSpaceType() != kind) {
        notes.add("colour profile of another kind of picture ignored");
        return Optional.empty();
      }
      return Optional.of(profile);
    } catch (IllegalArgumentException | CMMException e) {
      notes.add("broken colour profile ignored");
      return Optional.empty();
    }
  }

  private static Samples toSrgb(Samples from, int channels, ICC_Profile profile) {
    ColorConvertOp conversion =
        new ColorConvertOp(new ICC_Profile[] {profile, SRGB.getProfile()}, null);
    int pixels = from.length() / channels;
    int colours = channels == 1 ? 1 : 3;
    boolean wide = from.bitDepth() == 16;
    byte[] bytes = wide ? null : new byte[Math.multiplyExact(pixels, colours)];
    short[] words = wide ? new short[Math.multiplyExact(pixels, colours)] : null;
    for (int start = 0; start < pixels; start += SAMPLES_A_CALL) {
      int count = Math.min(SAMPLES_A_CALL, pixels - start);
      Raster source = raster(from.window(start * channels, count * channels, 0, 1), channels);
      WritableRaster target =
          Raster.createInterleavedRaster(
              wide ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE, count, 1, 3, null);
      conversion.filter(source, target);
      int step = 3 / colours;
      if (wide) {
        short[] converted = ((DataBufferUShort) target.getDataBuffer()).getData();
        for (int i = 0; i < count * colours; i++) {
          words[start * colours + i] = converted[i * step];
        }
      } else {
        byte[] converted = ((DataBufferByte) target.getDataBuffer()).getData();
        for (int i = 0; i < count * colours; i++) {
          bytes[start * colours + i] = converted[i * step];
        }
      }
    }
    return wide ? new Samples.Words(words) : new Samples.Bytes(bytes);
  }

  /**
   * Whether samples need no conversion: they are sRGB under whatever name, or of colours that
   * cannot be followed.
   */
  static boolean isSrgb(Metadata metadata, boolean grey) {
    Optional<byte[]> icc = withUsableProfile(metadata, grey, new ArrayList<>()).profile(grey);
    return icc.isEmpty() || (!grey && isSrgb(icc.get(), ICC_Profile.getInstance(icc.get())));
  }

  private static boolean isKnownSrgb(byte[] icc) {
    synchronized (KNOWN) {
      return Boolean.TRUE.equals(KNOWN.get(ByteBuffer.wrap(icc)));
    }
  }

  private static boolean isSrgb(byte[] icc, ICC_Profile profile) {
    ByteBuffer key = ByteBuffer.wrap(icc);
    synchronized (KNOWN) {
      Boolean known = KNOWN.get(key);
      if (known != null) {
        return known;
      }
    }
    boolean srgb;
    try {
      srgb = leavesAlone(new ColorConvertOp(new ICC_Profile[] {profile, SRGB.getProfile()}, null));
    } catch (CMMException | IllegalArgumentException e) {
      srgb = false; // Conversion will fail as well, and say so.
    }
    if (icc.length <= MAX_KNOWN_BYTES) {
      synchronized (KNOWN) {
        KNOWN.put(key, srgb);
      }
    }
    return srgb;
  }

  /** Whether a lattice of colours comes out as it went in, but for rounding. */
  private static boolean leavesAlone(ColorConvertOp conversion) {
    int steps = 9;
    byte[] lattice = new byte[3 * steps * steps * steps];
    for (int i = 0; i < lattice.length / 3; i++) {
      lattice[3 * i] = (byte) (i % steps * 255 / (steps - 1));
      lattice[3 * i + 1] = (byte) (i / steps % steps * 255 / (steps - 1));
      lattice[3 * i + 2] = (byte) (i / steps / steps * 255 / (steps - 1));
    }
    WritableRaster target =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, lattice.length / 3, 1, 3, null);
    conversion.filter(raster(new Samples.Bytes(lattice), 3), target);
    byte[] converted = ((DataBufferByte) target.getDataBuffer()).getData();
    for (int i = 0; i < lattice.length; i++) {
      if (Math.abs((lattice[i] & 0xFF) - (converted[i] & 0xFF)) > 2) {
        return false;
      }
    }
    return true;
  }

  private static Raster raster(Samples samples, int channels) {
    int pixels = samples.length() / channels;
    int[] offsets = new int[channels];
    Arrays.setAll(offsets, i -> i);
    boolean wide = samples.bitDepth() == 16;
    DataBuffer buffer =
        samples instanceof Samples.Bytes bytes
            ? new DataBufferByte(bytes.values(), bytes.length())
            : new DataBufferUShort(((Samples.Words) samples).values(), samples.length());
    return Raster.createRaster(
        new ComponentSampleModel(
            wide ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE,
            pixels,
            1,
            channels,
            pixels * channels,
            offsets),
        buffer,
        null);
  }
}
