package dev.fovea.model.checkpoint;

import dev.fovea.model.checkpoint.CheckpointFormat.NewFiles;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Writes files and keeps their lengths and digests for the manifest that completes them. */
final class ManifestedOutput {
  private final NewFiles files;
  private final Map<String, Manifest.Entry> entries = new TreeMap<>();

  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  ManifestedOutput(NewFiles files) {
    this.files = files;
  }

  void put(String name, Content content) throws IOException {
    Digested digested = new Digested(files.create(name));
    try (OutputStream out = new BufferedOutputStream(digested, 1 << 16)) {
      content.writeTo(out);
    }
    String sha256 = HexFormat.of().formatHex(digested.digest.digest());
    entries.put(name, new Manifest.Entry(digested.length, sha256));
  }

  /** Writes the manifest of all files so far. */
  Manifest finish() throws IOException {
    Manifest manifest = new Manifest(entries);
    try (OutputStream out = files.create(Manifest.NAME)) {
      out.write(manifest.format());
    }
    return manifest;
  }

  private static final class Digested extends FilterOutputStream {
    private final MessageDigest digest = VerifiedInput.sha256();
    private long length;

    Digested(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
      digest.update(bytes, offset, count);
      length += count;
    }
  }
}
