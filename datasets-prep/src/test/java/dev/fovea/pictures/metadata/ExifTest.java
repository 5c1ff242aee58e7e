package dev.fovea.pictures.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExifTest {
  private static final ByteOrder[] ORDERS = {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN};

  /** Places in {@link #block}. */
  private static final int ORIENTATION = 10 + 12 + 8;

  private static final int NEXT = 10 + 3 * 12;
  private static final int PIXEL_WIDTH = 50 + 2 + 8;
  private static final int PIXEL_HEIGHT = 50 + 2 + 12 + 8;

  @Test
  void aTurnedPictureSaysUprightAndLosesTheThumbnailThatWasNotTurned() {
    for (ByteOrder order : ORDERS) {
      byte[] block = block(order, 6);
      byte[] upright = Exif.upright(block, true);
      assertThat(Exif.orientation(block)).isEqualTo(6);
      assertThat(Exif.orientation(upright)).isEqualTo(1);
      assertThat(ByteBuffer.wrap(upright).order(order).getShort(ORIENTATION)).isEqualTo((short) 1);
      assertThat(ByteBuffer.wrap(upright).getInt(NEXT)).isZero();
      // Everything else, the camera and the date included, stays.
      for (int i = 0; i < block.length; i++) {
        boolean changed = (i >= ORIENTATION && i < ORIENTATION + 2) || (i >= NEXT && i < NEXT + 4);
        assertThat(changed || upright[i] == block[i]).isTrue();
      }
    }
  }

  @Test
  void theStatedSizeFollowsThePicture() {
    for (ByteOrder order : ORDERS) {
      byte[] block = block(order, 1);
      ByteBuffer small = ByteBuffer.wrap(Exif.enlarged(block, 400, 300, 4)).order(order);
      assertThat(small.getShort(18)).isEqualTo((short) 400);
      assertThat(small.getInt(PIXEL_WIDTH)).isEqualTo(400);
      assertThat(small.getShort(PIXEL_HEIGHT)).isEqualTo((short) 300);
      // A number that does not fit into 16 bits gets 32.
      ByteBuffer large = ByteBuffer.wrap(Exif.enlarged(block, 70_000, 80_000, 4)).order(order);
      assertThat(large.getShort(PIXEL_HEIGHT - 6)).isEqualTo((short) 4);
      assertThat(large.getInt(PIXEL_HEIGHT)).isEqualTo(80_000);
      assertThat(block).isEqualTo(block(order, 1));
    }
  }

  @Test
  void oneFractionForBothResolutionsIsMultipliedOnce() {
    ByteBuffer block = ByteBuffer.allocate(46).put("MM\0*".getBytes(StandardCharsets.US_ASCII));
    block.putInt(8).putShort((short) 2);
    for (int tag = 0x011A; tag <= 0x011B; tag++) {
      block.putShort((short) tag).putShort((short) 5).putInt(1).putInt(38);
    }
    block.putInt(0).putInt(300).putInt(1);
    assertThat(Exif.density(Exif.enlarged(block.array(), 4, 4, 4)))
        .isEqualTo(Density.ofJfif(1, 1200, 1200));
  }

  @Property(tries = 2000)
  void damagedBlocksAreNeverAnError(@ForAll @Size(max = 90) byte[] noise, @ForAll boolean big) {
    byte[] block = Arrays.copyOf(block(ORDERS[big ? 1 : 0], 6), Math.max(3, noise.length));
    for (int i = 4; i < block.length; i++) {
      block[i] ^= noise[i % noise.length] % 7 == 0 ? noise[i % noise.length] : 0;
    }
    assertThat(Exif.upright(block, true)).hasSameSizeAs(block);
    assertThat(Exif.enlarged(block, 1 << 20, 5, 3)).hasSameSizeAs(block);
    assertThat(Exif.upright(noise, true)).hasSameSizeAs(noise);
    assertThat(Exif.orientation(block)).isBetween(1, 8);
    assertThat(Exif.density(block)).isNotNull();
  }

  /** Width, orientation and a directory of two entries; then a pointer to a thumbnail. */
  private static byte[] block(ByteOrder order, int orientation) {
    ByteBuffer block = ByteBuffer.allocate(90).order(order);
    byte mark = (byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I');
    block.put(mark).put(mark).putShort((short) 42).putInt(8);
    block.putShort((short) 3);
    entry(block, 0x0100, 3, 99);
    entry(block, 0x0112, 3, orientation);
    entry(block, 0x8769, 4, 50);
    block.putInt(80);
    block.putShort((short) 2);
    entry(block, 0xA002, 4, 99);
    entry(block, 0xA003, 3, 98);
    return block.array();
  }

  private static void entry(ByteBuffer block, int tag, int type, int value) {
    block.putShort((short) tag).putShort((short) type).putInt(1);
    if (type == 3) {
      block.putShort((short) value).putShort((short) 0);
    } else {
      block.putInt(value);
    }
  }
}
