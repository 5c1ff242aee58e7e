package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decodes JPEG (ITU T.81): baseline, extended and progressive Huffman coding of 8 bits, with any
 * sampling, in one, three or four colours. The picture must be complete, its end marker included.
 * Where only a region is wanted, the rest is read but neither transformed nor stored, and the
 * region's samples are those of the whole picture.
 */
final class JpegDecoder {
  /** Visits of each block that are allowed; libjpeg's usual progression makes 4 to 6. */
  private static final int MAX_VISITS = 20;

  /** So many are visited in a fraction of a second. */
  private static final long FEW_BLOCKS = 1 << 20;

  /** More scans than any encoder writes; each one visits every block. */
  private static final int MAX_SCANS = 100;

  private final byte[] file;
  private final Limits limits;
  private final Damage damage;
  private final JpegMetadata metadata;
  private final List<String> notes = new ArrayList<>();
  private final int[][] quantisation = new int[4][];
  private final JpegHuffman[] dcTables = new JpegHuffman[4];
  private final JpegHuffman[] acTables = new JpegHuffman[4];
  private JpegFrame frame;
  private Deadline deadline;
  private JpegOutput output;
  private Region region;
  private JpegScale scale = JpegScale.FULL;
  private int restartInterval;
  private int scans;
  private long blocksVisited;
  private int at = 2;

  /** Whether nothing but segments has been read by now. */
  private boolean tidy = true;

  private boolean plain;

  private JpegDecoder(byte[] file, Limits limits, Damage damage) {
    this.file = file;
    this.limits = limits;
    this.damage = damage;
    this.metadata = new JpegMetadata(file, limits.metadataBytes(), notes);
  }

  /** Reads up to the first scan. */
  static JpegDecoder open(byte[] file, Limits limits, Damage damage)
      throws RejectedPictureException {
    JpegDecoder decoder = new JpegDecoder(file, limits, damage);
    if (!decoder.readToScan() || decoder.frame == null) {
      throw new RejectedPictureException("JPEG without a picture");
    }
    int colours = decoder.frame.components.length;
    decoder.plain = decoder.tidy && colours < 4 && decoder.metadata.plain();
    return decoder;
  }

  int width() {
    return frame.width;
  }

  int height() {
    return frame.height;
  }

  /** As {@link PictureFile#plain}, of what comes before the first scan. */
  boolean plain() {
    return plain;
  }

  Optional<byte[]> exif() {
    return metadata.exif();
  }

  /** Whether the samples are sRGB as they are stored. */
  boolean storesSrgb() {
    int colours = frame.components.length;
    return colours < 4 && Colours.isSrgb(Metadata.NONE.withIcc(metadata.icc()), colours == 1);
  }

  /** Decodes the whole picture; to be called once. */
  Stored decode() throws RejectedPictureException {
    return decode(new Region(0, 0, frame.width, frame.height));
  }

  /** Decodes a region, which must lie inside; to be called once. */
  Stored decode(Region wanted) throws RejectedPictureException {
    return decode(wanted, JpegScale.FULL);
  }

  /**
   * Decodes a region; to be called once.
   *
   * @param wanted in pixels of the scaled picture
   */
  Stored decode(Region wanted, JpegScale wantedScale) throws RejectedPictureException {
    scale = wantedScale;
    deadline = new Deadline(limits);
    long blocks = frame.blocks();
    if (blocks > 8L * file.length) {
      throw new RejectedPictureException(
          "JPEG declares %dx%d pixels, which do not fit into its %d bytes"
              .formatted(frame.width, frame.height, file.length));
    }
    region = wanted;
    boolean more = true;
    while (more) {
      try {
        scan();
        more = readToScan();
      } catch (RejectedPictureException e) {
        if (damage == Damage.REJECT || !anythingRead()) {
          throw e;
        }
        deadline.check();
        notes.add(e.getMessage());
        more = false;
      }
    }
    for (JpegComponent component : frame.components) {
      if (component.quantisation == null) {
        throw new RejectedPictureException("JPEG without the scan of one of its colours");
      }
    }
    if (frame.components[0].coefficients != null) {
      noteMissingBits();
      transformStored();
      for (JpegComponent component : frame.components) {
        component.coefficients = null; // The largest part of the memory is needed no more.
      }
    }
    if (!output.complete() && damage == Damage.REPAIR && !output.empty()) {
      notes.add("what is missing of the picture is grey");
      output.fill();
    }
    if (!output.complete()) {
      throw new RejectedPictureException("JPEG ends before its last row");
    }
    metadata.noteFurtherPictures(at);
    return stored();
  }

  /** Rows, or coefficients of which rows can be made. */
  private boolean anythingRead() {
    return output != null && (!output.empty() || frame.components[0].coefficients != null);
  }

  private Stored stored() {
    byte[] pixels = output.pixels();
    boolean grey = frame.components.length == 1;
    Metadata found = metadata.found();
    if (frame.components.length == 4) {
      pixels = Colours.fromCmyk(pixels, found.icc(), notes);
      found = found.inSrgb();
    }
    return new Stored(
        new Picture(
            region.width(),
            region.height(),
            grey,
            new Samples.Bytes(pixels),
            Optional.empty(),
            found),
        1,
        notes);
  }

  /** Reads segments up to the data of a scan; false at the end of the picture. */
  private boolean readToScan() throws RejectedPictureException {
    while (true) {
      int marker = nextMarker();
      if (marker == 0xD9) {
        return false;
      }
      if (marker == 0xD8) {
        throw new RejectedPictureException("JPEG begins again before it ended");
      }
      if (marker == 1 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue;
      }
      if (at + 2 > file.length) {
        throw ended();
      }
      int length = Bytes.big16(file, at) - 2;
      if (length < 0 || at + 2 + length > file.length) {
        throw ended();
      }
      int body = at + 2;
      if (marker == 0xDA) {
        return true;
      }
      segment(marker, body, length);
      at = body + length;
    }
  }

  private int nextMarker() throws RejectedPictureException {
    while (at + 1 < file.length) {
      if (file[at] == -1) {
        int marker = file[at + 1] & 0xFF;
        if (marker != 0 && marker != 0xFF) {
          at += 2;
          return marker;
        }
      }
      tidy = tidy && file[at] == -1 && file[at + 1] == -1;
      at++;
    }
    throw ended();
  }

  private RejectedPictureException ended() {
    return new RejectedPictureException(
        "JPEG ends at byte %d, before its end marker".formatted(file.length));
  }

  private void segment(int marker, int body, int length) throws RejectedPictureException {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> {
        if (frame != null) {
          throw new RejectedPictureException("JPEG with a second frame header");
        }
        frame = JpegFrame.parse(file, body, length, marker);
        if ((long) frame.width * frame.height > limits.pixels()) {
          throw new RejectedPictureException(
              "JPEG declares %dx%d pixels, more than the limit of %d"
                  .formatted(frame.width, frame.height, limits.pixels()));
        }
      }
      case 0xC3, 0xC7 -> throw new RejectedPictureException("lossless JPEG is not read");
      case 0xC5, 0xC6, 0xCD, 0xCE ->
          throw new RejectedPictureException("hierarchical JPEG is not read");
      case 0xC9, 0xCA, 0xCB, 0xCF ->
          throw new RejectedPictureException("JPEG with arithmetic coding is not read");
      case 0xC4 -> huffmanTables(body, body + length);
      case 0xDB -> quantisationTables(body, body + length);
      case 0xDD -> {
        if (length != 2) {
          throw new RejectedPictureException("JPEG with a misshapen restart interval");
        }
        restartInterval = Bytes.big16(file, body);
      }
      default -> metadata.segment(marker, body, length);
    }
  }

  private void huffmanTables(int start, int end) throws RejectedPictureException {
    int from = start;
    while (from < end) {
      int count = 0;
      if (from + 17 <= end) {
        for (int i = 1; i <= 16; i++) {
          count += Bytes.u8(file, from + i);
        }
      }
      int kind = Bytes.u8(file, from);
      if (count < 1 || count > 256 || from + 17 + count > end || (kind & 0xEC) != 0) {
        throw new RejectedPictureException("JPEG with a misshapen Huffman table");
      }
      JpegHuffman table = new JpegHuffman(file, from + 1, count);
      (kind < 16 ? dcTables : acTables)[kind & 3] = table;
      from += 17 + count;
    }
  }

  private void quantisationTables(int start, int end) throws RejectedPictureException {
    int from = start;
    while (from < end) {
      int kind = Bytes.u8(file, from);
      int bytes = kind < 16 ? 1 : 2;
      if (from + 1 + 64 * bytes > end || (kind & 0xEC) != 0) {
        throw new RejectedPictureException("JPEG with a misshapen quantisation table");
      }
      int[] table = new int[64];
      for (int i = 0; i < 64; i++) {
        table[i] = bytes == 1 ? Bytes.u8(file, from + 1 + i) : Bytes.big16(file, from + 1 + 2 * i);
      }
      quantisation[kind & 3] = table;
      from += 1 + 64 * bytes;
    }
  }

  /** Each scan visits all blocks of its colours, however few bytes it has. */
  private void boundWork(int[] chosen) throws RejectedPictureException {
    for (int c : chosen) {
      blocksVisited += blocks(frame.components[c]);
    }
    long all = 0;
    for (JpegComponent component : frame.components) {
      all += blocks(component);
    }
    if (blocksVisited > Math.max(FEW_BLOCKS, MAX_VISITS * all)) {
      throw new RejectedPictureException(
          "JPEG whose scans visit each of its blocks more than %d times".formatted(MAX_VISITS));
    }
  }

  private static long blocks(JpegComponent component) {
    return (long) component.paddedBlocksWide * component.paddedBlocksHigh;
  }

  private void scan() throws RejectedPictureException {
    if (frame == null) {
      throw new RejectedPictureException("JPEG with a scan before its frame header");
    }
    if (++scans > MAX_SCANS) {
      throw new RejectedPictureException("JPEG with more than %d scans".formatted(MAX_SCANS));
    }
    int length = Bytes.big16(file, at) - 2;
    int body = at + 2;
    int count = length < 1 ? 0 : Bytes.u8(file, body);
    if (count < 1 || count > 4 || length != 4 + 2 * count) {
      throw new RejectedPictureException("JPEG with a misshapen scan header");
    }
    int[] chosen = new int[count];
    int parameters = body + 1 + 2 * count;
    int spectralStart = Bytes.u8(file, parameters);
    int spectralEnd = Bytes.u8(file, parameters + 1);
    int high = Bytes.u8(file, parameters + 2) >> 4;
    int low = Bytes.u8(file, parameters + 2) & 15;
    if (frame.progressive) {
      checkProgression(count, spectralStart, spectralEnd, high, low);
    }
    for (int i = 0; i < count; i++) {
      chosen[i] = component(Bytes.u8(file, body + 1 + 2 * i));
      for (int j = 0; j < i; j++) {
        if (chosen[j] == chosen[i]) {
          throw new RejectedPictureException("JPEG scan names a colour twice");
        }
      }
      chooseTables(chosen[i], Bytes.u8(file, body + 2 + 2 * i), spectralStart, high);
    }
    boundWork(chosen);
    JpegScanData data = new JpegScanData(file, body + length, damage);
    JpegScan scan = new JpegScan(frame, chosen, data, restartInterval, deadline);
    if (frame.progressive) {
      keepCoefficients();
      for (int c : chosen) {
        Arrays.fill(frame.components[c].bitsMissing, spectralStart, spectralEnd + 1, low);
      }
      if (!scan.progressive(new JpegProgressive(spectralStart, spectralEnd, high, low))) {
        notes.add("scan %d ends early: some detail is missing".formatted(scans));
      }
    } else if (count == frame.components.length && output == null) {
      output = new JpegOutput(frame, region, metadata.colour(frame), scale);
      scan.transform(output, region, scale);
    } else if (output == null || frame.components[0].coefficients != null) {
      keepCoefficients();
      scan.sequential();
    }
    at = data.next();
  }

  private static void checkProgression(
      int count, int spectralStart, int spectralEnd, int high, int low)
      throws RejectedPictureException {
    boolean dc = spectralStart == 0;
    boolean legal =
        spectralEnd <= 63
            && spectralStart <= spectralEnd
            && (dc ? spectralEnd == 0 : count == 1)
            && low <= 13
            && (high == 0 || high == low + 1);
    if (!legal) {
      throw new RejectedPictureException(
          "JPEG scan with impossible progression %d to %d, bits %d to %d"
              .formatted(spectralStart, spectralEnd, high, low));
    }
  }

  private int component(int id) throws RejectedPictureException {
    for (int i = 0; i < frame.components.length; i++) {
      if (frame.components[i].id == id) {
        return i;
      }
    }
    throw new RejectedPictureException("JPEG scan names the unknown colour %d".formatted(id));
  }

  private void chooseTables(int index, int selectors, int spectralStart, int high)
      throws RejectedPictureException {
    JpegComponent component = frame.components[index];
    component.dcTable = dcTables[(selectors >> 4) & 3];
    component.acTable = acTables[selectors & 3];
    boolean needsDc = !frame.progressive || (spectralStart == 0 && high == 0);
    boolean needsAc = !frame.progressive || spectralStart > 0;
    if ((needsDc && component.dcTable == null) || (needsAc && component.acTable == null)) {
      throw new RejectedPictureException("JPEG scan names a missing Huffman table");
    }
    if (component.quantisation == null) {
      int[] table = quantisation[component.quantSelector];
      if (table == null) {
        throw new RejectedPictureException("JPEG scan names a missing quantisation table");
      }
      component.quantisation = table;
    }
  }

  private void keepCoefficients() {
    if (frame.components[0].coefficients == null) {
      for (JpegComponent component : frame.components) {
        long blocks = (long) component.paddedBlocksWide * component.paddedBlocksHigh;
        component.coefficients = new short[Math.toIntExact(64 * blocks)];
      }
      output = new JpegOutput(frame, region, metadata.colour(frame), scale);
    }
  }

  private void noteMissingBits() {
    for (JpegComponent component : frame.components) {
      if (frame.progressive && Arrays.stream(component.bitsMissing).anyMatch(bits -> bits > 0)) {
        notes.add("progressive scans are missing: the picture may have been cut off");
        return;
      }
    }
  }

  private void transformStored() throws RejectedPictureException {
    int[] block = new int[64];
    for (int row = 0; row < frame.unitsHigh && !output.complete(); row++) {
      deadline.spend(frame.unitRowSamples());
      for (int c = 0; c < frame.components.length; c++) {
        JpegComponent component = frame.components[c];
        JpegPlane plane = output.plane(c);
        for (int i = 0; i < component.v; i++) {
          int blockY = row * component.v + i;
          if (plane.wantsRow(blockY)) {
            for (int x = plane.firstBlockX; x < plane.endBlockX; x++) {
              int from = 64 * (blockY * component.paddedBlocksWide + x);
              int occupied = dequantise(component, from, block);
              plane.transform(block, occupied, x, blockY);
            }
          }
        }
      }
      output.unitsDone(row);
    }
  }

  private static int dequantise(JpegComponent component, int from, int[] block) {
    int occupied = 0;
    for (int k = 0; k < 64; k++) {
      int index = JpegSequential.NATURAL[k];
      int value = component.coefficients[from + index];
      block[index] = value * component.quantisation[k];
      occupied |= value != 0 ? index : 0;
    }
    return occupied;
  }
}
