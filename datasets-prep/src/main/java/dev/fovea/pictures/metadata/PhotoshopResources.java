package dev.fovea.pictures.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The blocks of resources that Photoshop puts into JPEG, of which IPTC's is one. */
public final class PhotoshopResources {
  private static final String TAG = "8BIM";
  private static final int IPTC = 0x0404;

  /** Where IPTC's records begin, this stands. */
  private static final byte IPTC_MARK = 0x1C;

  private PhotoshopResources() {}

  /** IPTC's records, by themselves or as one of the resources. */
  public static Optional<byte[]> iptc(byte[] resources) {
    if (resources.length > 0 && resources[0] == IPTC_MARK) {
      return Optional.of(resources);
    }
    ByteBuffer bytes = ByteBuffer.wrap(resources);
    while (bytes.remaining() >= 12) {
      byte[] tag = new byte[4];
      bytes.get(tag);
      int id = bytes.getShort() & 0xFFFF;
      int name = 1 + (bytes.get(bytes.position()) & 0xFF);
      int nameEnd = bytes.position() + name + (name & 1);
      if (!Latin1.text(tag).equals(TAG) || nameEnd + 4 > bytes.limit()) {
        break;
      }
      int length = bytes.position(nameEnd).getInt();
      if (length < 0 || length > bytes.remaining()) {
        break;
      }
      int start = bytes.position();
      if (id == IPTC && length > 0) {
        return Optional.of(Arrays.copyOfRange(resources, start, start + length));
      }
      bytes.position(Math.min(bytes.limit(), start + length + (length & 1)));
    }
    return Optional.empty();
  }

  /** The block of IPTC's records alone. */
  public static byte[] ofIptc(byte[] iptc) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(Latin1.bytes(TAG));
    block.writeBytes(
        ByteBuffer.allocate(8)
            .putShort((short) IPTC)
            .putShort((short) 0)
            .putInt(iptc.length)
            .array());
    block.writeBytes(iptc);
    if (iptc.length % 2 == 1) {
      block.write(0);
    }
    return block.toByteArray();
  }
}
