package dev.fovea.pictures.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A text chunk of PNG. It is handed on as it is; only what one has to look into is inflated.
 *
 * @param type tEXt, zTXt or iTXt
 * @param data the chunk's: keyword, a zero, and the text in the type's form
 */
@SuppressWarnings("ArrayRecordComponent") // It is handed on uncopied.
public record PngText(String type, byte[] data) {
  /** The keyword of XMP. */
  public static final String XMP = "XML:com.adobe.xmp";

  private static final String COMMENT = "Comment";
  private static final int MAX_KEYWORD = 79;

  /** Whether there is a keyword as the specification wants it. */
  public boolean wellFormed() {
    int end = zero(0);
    return end >= 1 && end <= MAX_KEYWORD;
  }

  /** What the text is about; of well-formed chunks. */
  public String keyword() {
    return new String(data, 0, zero(0), StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes of the text, in Latin-1 or, of iTXt, in UTF-8.
   *
   * @param limit of their number
   * @return nothing where it is damaged or longer
   */
  public Optional<byte[]> text(int limit) {
    int from = zero(0) + 1;
    boolean packed = type.equals("zTXt");
    if (type.equals("iTXt")) {
      packed = from < data.length && data[from] == 1;
      // Two flags, a language and a translated keyword.
      int language = zero(from + 2);
      int translated = language < 0 ? -1 : zero(language + 1);
      if (translated < 0) {
        return Optional.empty();
      }
      from = translated + 1;
    } else if (packed) {
      from++; // The method, of which there is one.
    }
    if (from > data.length) {
      return Optional.empty();
    }
    if (packed) {
      return inflated(from, limit);
    }
    byte[] text = Arrays.copyOfRange(data, from, data.length);
    return text.length <= limit ? Optional.of(text) : Optional.empty();
  }

  private Optional<byte[]> inflated(int from, int limit) {
    Inflater inflater = new Inflater();
    inflater.setInput(data, from, data.length - from);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 13];
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 || text.size() + count > limit) {
          return Optional.empty();
        }
        text.write(buffer, 0, count);
      }
      return Optional.of(text.toByteArray());
    } catch (DataFormatException e) {
      return Optional.empty();
    } finally {
      inflater.end();
    }
  }

  /** The chunk of an XMP packet. */
  public static PngText ofXmp(byte[] packet) {
    return new PngText("iTXt", joined(Latin1.bytes(XMP + "\0\0\0\0\0"), packet));
  }

  /** A chunk of Latin-1 text, packed. */
  static PngText packed(String keyword, byte[] text) {
    Deflater deflater = new Deflater();
    deflater.setInput(text);
    deflater.finish();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(Latin1.bytes(keyword + "\0\0"));
    byte[] buffer = new byte[1 << 13];
    for (int count = deflater.deflate(buffer); count > 0; count = deflater.deflate(buffer)) {
      data.write(buffer, 0, count);
    }
    deflater.end();
    return new PngText("zTXt", data.toByteArray());
  }

  /** The chunk of a comment as JPEG has it, whose bytes may be of any encoding. */
  public static PngText ofComment(byte[] comment) {
    int end = comment.length;
    while (end > 0 && comment[end - 1] == 0) {
      end--;
    }
    byte[] text = Arrays.copyOf(comment, end);
    for (int i = 0; i < end; i++) {
      text[i] = text[i] == 0 ? (byte) ' ' : text[i]; // No chunk may have zeros inside.
    }
    return isWideUtf8(text)
        ? new PngText("iTXt", joined(Latin1.bytes(COMMENT + "\0\0\0\0\0"), text))
        : new PngText("tEXt", joined(Latin1.bytes(COMMENT + "\0"), text));
  }

  /** The bytes of a comment for JPEG; nothing where the text is about something else. */
  public Optional<byte[]> comment() {
    return keyword().equals(COMMENT) ? text(data.length) : Optional.empty();
  }

  private static boolean isWideUtf8(byte[] text) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).length()
          < text.length;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] joined(byte[] head, byte[] body) {
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  /** Where the next zero stands; -1 where there is none. */
  private int zero(int from) {
    for (int i = from; i < data.length; i++) {
      if (data[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
