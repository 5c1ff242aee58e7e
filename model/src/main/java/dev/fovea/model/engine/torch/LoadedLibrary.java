package dev.fovea.model.engine.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A native library of this process and where it lies, by Linux' {@code /proc/self/maps}; knows the
 * symbols that the linker does not, too (ELF, 64 bits, little-endian).
 *
 * @param file the library's file
 * @param base the address of its first byte
 */
record LoadedLibrary(Path file, long base) {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** Types of sections. */
  private static final int SYMBOL_TABLE = 2;

  /** Bytes of an entry of a symbol table. */
  private static final int ENTRY = 24;

  /**
   * Finds a library by its file's name; empty if it is not loaded, or this is not Linux.
   *
   * @throws IOException if the process may not read about itself
   */
  static Optional<LoadedLibrary> named(String name) throws IOException {
    if (!Files.isReadable(MAPS)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(MAPS)) {
      // address-end permissions offset device inode path
      return lines
          .map(line -> line.split(" +", 6))
          .filter(fields -> fields.length == 6 && fields[5].endsWith("/" + name))
          .filter(fields -> Long.parseUnsignedLong(fields[2], 16) == 0)
          .findFirst()
          .map(
              fields ->
                  new LoadedLibrary(
                      Path.of(fields[5]),
                      Long.parseUnsignedLong(fields[0].substring(0, fields[0].indexOf('-')), 16)));
    }
  }

  /**
   * The address in this process of something that the library's symbol table names.
   *
   * @param symbol mangled as the compiler does
   * @return empty if it has no such symbol, or has been stripped of its table
   */
  OptionalLong address(String symbol) throws IOException {
    byte[] name = (symbol + '\0').getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = map(channel, 0, 64);
      int size = Short.toUnsignedInt(header.getShort(0x3a));
      int count = Short.toUnsignedInt(header.getShort(0x3c));
      ByteBuffer sections = map(channel, header.getLong(0x28), (long) size * count);
      for (int i = 0; i < count; i++) {
        if (sections.getInt(i * size + 4) == SYMBOL_TABLE) {
          int names = sections.getInt(i * size + 0x28);
          OptionalLong value =
              value(
                  section(channel, sections, i * size),
                  section(channel, sections, names * size),
                  name);
          if (value.isPresent()) {
            return OptionalLong.of(base + value.getAsLong());
          }
        }
      }
      return OptionalLong.empty();
    }
  }

  private static OptionalLong value(ByteBuffer symbols, ByteBuffer names, byte[] name) {
    for (int entry = 0; entry + ENTRY <= symbols.limit(); entry += ENTRY) {
      int start = symbols.getInt(entry);
      if (start <= names.limit() - name.length && startsWith(names, start, name)) {
        return OptionalLong.of(symbols.getLong(entry + 8));
      }
    }
    return OptionalLong.empty();
  }

  private static boolean startsWith(ByteBuffer buffer, int start, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (buffer.get(start + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer section(FileChannel channel, ByteBuffer sections, int header)
      throws IOException {
    return map(channel, sections.getLong(header + 0x18), sections.getLong(header + 0x20));
  }

  private static ByteBuffer map(FileChannel channel, long offset, long length) throws IOException {
    return channel
        .map(FileChannel.MapMode.READ_ONLY, offset, length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
