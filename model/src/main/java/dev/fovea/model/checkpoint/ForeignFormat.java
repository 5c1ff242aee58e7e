package dev.fovea.model.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What people hand in for a safetensors file, known by its first eight bytes. */
enum ForeignFormat {
  GIT_LFS("a Git LFS pointer, which only names the file; 'git lfs pull' fetches the file itself") {
    @Override
    boolean begins(byte[] bytes) {
      return text(bytes).equals("version ");
    }
  },
  WEB_PAGE("a web page, such as a site's page about the file; take the download's own address") {
    @Override
    boolean begins(byte[] bytes) {
      String text = text(bytes).stripLeading().toLowerCase(Locale.ROOT);
      return text.startsWith("<!doct") || text.startsWith("<html") || text.startsWith("<?xml");
    }
  },
  PYTORCH("a file of PyTorch (.pth, .pt) or another archive; convert it to safetensors first") {
    @Override
    boolean begins(byte[] bytes) {
      boolean zip = text(bytes).startsWith("PK\u0003\u0004");
      // The pickle of protocol 2 to 5 that PyTorch wrote before version 1.6.
      return zip || (bytes[0] == (byte) 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && bytes[7] != 0);
    }
  },
  ONNX("an ONNX model; the weights it was exported from are needed, as safetensors") {
    @Override
    boolean begins(byte[] bytes) {
      // The version of the format, and the producer's name and its length.
      return bytes[0] == 8 && bytes[1] > 0 && bytes[2] == 0x12 && bytes[3] > 0 && bytes[4] >= ' ';
    }
  };

  private final String description;

  ForeignFormat(String description) {
    this.description = description;
  }

  /** What it is and what to do. */
  String description() {
    return description;
  }

  abstract boolean begins(byte[] bytes);

  /**
   * @param bytes the first eight of a file
   */
  static Optional<ForeignFormat> of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
