package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names outputs after their inputs, inside the output root whatever the input is called.
 *
 * <p>The folders above an input, up to the one that was asked for, are kept. A part of a path that
 * would leave the root, or lie where the job keeps its own files, is escaped; a name too long for a
 * file system is cut, with a piece of its hash in place of the rest.
 */
final class OutputNames {
  static final String DEFAULT = "{name}.{source-ext}.{ext}";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
  private static final int LONGEST = 255;
  private static final int HASH = 16;

  private final String template;
  private final String extension;
  private final int ratio;
  private final Characters characters;

  /** Which characters a file system takes in names. */
  enum Characters {
    /** All but the slash. */
    LOCAL,
    /** No control characters and none that Hadoop's paths or object stores' keys stumble over. */
    REMOTE
  }

  /**
   * @param template a file's name with {@code {name}}, {@code {folder}}, {@code {source-ext}},
   *     {@code {ratio}} and {@code {ext}}
   * @param extension of the output's format
   * @throws UsageException if the template is none
   */
  OutputNames(String template, String extension, int ratio, Characters characters) {
    this.template = template;
    this.extension = extension;
    this.ratio = ratio;
    this.characters = characters;
    Matcher placeholders = PLACEHOLDER.matcher(template);
    while (placeholders.find()) {
      if (!List.of("name", "folder", "source-ext", "ratio", "ext")
          .contains(placeholders.group(1))) {
        throw wrong(
            "there is no %s; {name}, {folder}, {source-ext}, {ratio} and {ext} are allowed"
                .formatted(placeholders.group()));
      }
    }
    if (!template.contains("{name}")) {
      throw wrong("{name} is needed, or all pictures of a folder have one name");
    }
    if (template.contains("/") || template.chars().anyMatch(Character::isISOControl)) {
      throw wrong("a file's name without slashes and control characters is needed");
    }
    if (!template.endsWith(".{ext}") && !template.endsWith("." + extension)) {
      throw wrong("it must end in .{ext} or .%s, the format that is written".formatted(extension));
    }
  }

  private UsageException wrong(String reason) {
    return new UsageException(Setting.OUTPUT_NAME, template, reason);
  }

  /**
   * The output of an input.
   *
   * @param relative the input's path below the folder that was asked for
   * @param path the whole of it
   */
  String of(String relative, String path) {
    String[] parts = relative.split("/", -1);
    List<String> safe = new ArrayList<>();
    for (int i = 0; i < parts.length - 1; i++) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        safe.add(cut(escaped(parts[i], safe.isEmpty()), ""));
      }
    }
    safe.add(file(parts[parts.length - 1], folder(path), safe.isEmpty()));
    return String.join("/", safe);
  }

  /** The name of the folder that a file lies in. */
  private static String folder(String path) {
    int end = path.lastIndexOf('/');
    return end < 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  private String file(String source, String folder, boolean first) {
    int dot = source.lastIndexOf('.');
    String name = dot > 0 ? source.substring(0, dot) : source;
    String sourceExtension = dot > 0 ? source.substring(dot + 1) : "";
    String pattern = sourceExtension.isEmpty() ? template.replace(".{source-ext}", "") : template;
    String tail = "." + extension;
    String whole =
        pattern
            .replace("{source-ext}", sourceExtension)
            .replace("{folder}", folder)
            .replace("{ratio}", Integer.toString(ratio))
            .replace("{ext}", extension)
            .replace("{name}", name);
    String stem = whole.substring(0, whole.length() - tail.length());
    return cut(escaped(stem, first), tail);
  }

  private String escaped(String part, boolean first) {
    if (part.equals("..") || part.equals(".")) {
      return part.replace(".", "%2E");
    }
    // At the root lies what jobs keep for themselves, and what they leave out of listings.
    String safe = first && part.startsWith("_fovea") ? "%5F" + part.substring(1) : part;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      boolean refused =
          c == 0
              || c == '/'
              || (characters == Characters.REMOTE
                  && (c < ' ' || c == 127 || c == ':' || c == '\\' || c == '{' || c == '}'));
      text.append(refused ? "%%%02X".formatted((int) c) : String.valueOf(c));
    }
    return text.toString();
  }

  /** Leaves room for what file systems and stores put behind a name themselves. */
  private static String cut(String stem, String tail) {
    int room = LONGEST - tail.length();
    byte[] bytes = stem.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= room) {
      return stem + tail;
    }
    int end = stem.length();
    while (stem.substring(0, end).getBytes(StandardCharsets.UTF_8).length > room - HASH - 1) {
      end = stem.offsetByCodePoints(end, -1);
    }
    return stem.substring(0, end) + "~" + Sha256.hex(bytes).substring(0, HASH) + tail;
  }
}
