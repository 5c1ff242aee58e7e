package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PngText;
import java.util.List;
import java.util.Optional;

/** Notes on what formats beside PNG cannot hold. */
final class Omissions {
  /** Keywords that a note names. */
  private static final int MOST = 8;

  private Omissions() {}

  static Optional<String> ofTexts(List<PngText> texts, String format) {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    List<String> keywords =
        texts.stream()
            .map(text -> text.keyword().replaceAll("\\p{Cntrl}", "?"))
            .distinct()
            .toList();
    return Optional.of(
        "texts are not kept, since %s has no place for them: %s%s"
            .formatted(
                format,
                String.join(", ", keywords.subList(0, Math.min(MOST, keywords.size()))),
                keywords.size() > MOST ? " and others" : ""));
  }

  /** The samples are kept, but a profile cannot say what they mean. */
  static Optional<String> ofColours(Metadata metadata, String format) {
    return metadata.colours().beyondWhite()
        ? Optional.of("colours brighter than white look white: %s has no cICP".formatted(format))
        : Optional.empty();
  }
}
