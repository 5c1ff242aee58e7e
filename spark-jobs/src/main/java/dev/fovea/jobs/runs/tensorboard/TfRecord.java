package dev.fovea.jobs.runs.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TensorFlow's frame around a record: its length (8 bytes, little-endian), the masked CRC-32C of
 * the length, the record, the masked CRC-32C of the record.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 */
final class TfRecord {
  private static final int MASK_DELTA = 0xa282ead8;

  private TfRecord() {}

  static byte[] framed(byte[] record) {
    ByteBuffer frame =
        ByteBuffer.allocate(Math.addExact(record.length, 16)).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(record.length);
    frame.putInt(maskedCrc(frame.array(), 8));
    frame.put(record);
    frame.putInt(maskedCrc(record, record.length));
    return frame.array();
  }

  /** A checksum of data that may hold checksums is turned around, so that they do not cancel. */
  private static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
