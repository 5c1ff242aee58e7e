package dev.fovea.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads one file of a checkpoint and holds it against its manifest. */
final class VerifiedInput implements AutoCloseable {
  private final String file;
  private final Manifest.Entry expected;
  private final MessageDigest digest = sha256();
  private final Counted in;

  VerifiedInput(String file, InputStream in, Manifest.Entry expected) {
    this.file = file;
    this.expected = expected;
    this.in = new Counted(new DigestInputStream(in, digest));
  }

  /** The content; give it to {@link #finish} unread parts included. */
  InputStream content() {
    return in;
  }

  /** The whole content, checked. */
  byte[] readAll(long most) throws IOException {
    if (expected.length() > most) {
      throw new DamagedFileException(
          file, "%d bytes, at most %d are read".formatted(expected.length(), most));
    }
    byte[] bytes = in.readNBytes((int) expected.length());
    finish();
    return bytes;
  }

  /** Reads on to the end and checks length and digest. */
  void finish() throws IOException {
    byte[] scratch = new byte[1 << 16];
    while (in.count <= expected.length() && in.read(scratch, 0, scratch.length) >= 0) {}
    if (in.count != expected.length()) {
      throw new DamagedFileException(
          file,
          "%s bytes instead of %d"
              .formatted(
                  in.count > expected.length() ? "more than " + expected.length() : in.count,
                  expected.length()));
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(expected.sha256())) {
      throw new DamagedFileException(
          file, "SHA-256 is %s instead of %s".formatted(found, expected.sha256()));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static final class Counted extends java.io.FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long count) {
      throw new UnsupportedOperationException("skipped bytes would not be digested");
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
