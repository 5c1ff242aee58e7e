package dev.fovea.jobs.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of what real archives contain: every file is accounted for, and none stops the job. */
class PrepareAwkwardTest {
  @TempDir Path folder;

  @Test
  void everyFileIsKeptAsItShowsOrRejectedForAReason() throws IOException {
    Path awkward = awkward();
    CommandRun run =
        CommandRun.of(
            "prepare",
            "--master=local[2]",
            "--images-path=" + awkward,
            "--output-path=" + folder,
            "--fail-on-rejected");
    Shards shards = Shards.in(folder);
    List<String> rejected = Files.readAllLines(folder.resolve("_fovea/rejected.jsonl"));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.errors()).allMatch(line -> line.matches("(prepare: |rejected file:).*"));
    long files;
    try (Stream<Path> all = Files.walk(awkward)) {
      files = all.filter(Files::isRegularFile).count();
    }
    assertThat(shards.count("kept") + shards.count("duplicates") + rejected.size())
        .isEqualTo(files);
    assertThat(shards.index().size()).isEqualTo((int) shards.count("kept"));
    assertThat(rejected).allMatch(line -> line.matches(".*\"reason\":\"[^\"]{8,}.*"));

    Set<String> refused =
        rejected.stream()
            .map(line -> line.replaceFirst(".*/awkward/(.*)\",\"reason\".*", "$1"))
            .collect(Collectors.toSet());
    assertThat(refused)
        .contains(
            "README.md",
            "MANIFEST.tsv",
            "broken/empty.png",
            "broken/truncated_half.png",
            "broken/random.jpg",
            "bomb/valid_12000x12000_rgb.png",
            "bomb/header_65500x65500.jpg",
            "other/photo.pdf");
    assertThat(refused).noneMatch(name -> name.startsWith("names/") || name.startsWith("ref/"));
    for (ShardRow row : shards.rows()) {
      assertStoredIsWhatTheFileShows(row);
    }
  }

  private static void assertStoredIsWhatTheFileShows(ShardRow row) throws IOException {
    byte[] file = Files.readAllBytes(Path.of(row.path().substring("file:".length())));
    Picture shown = decode(file);
    Picture stored = decode(row.bytes());
    assertThat(stored.alpha()).as(row.path()).isEmpty();
    assertThat(List.of(stored.width(), stored.height()))
        .as(row.path())
        .isEqualTo(List.of(row.width(), row.height()));
    assertThat(stored.toPlanes().samples()).as(row.path()).isEqualTo(shown.toPlanes().samples());
  }

  private static Picture decode(byte[] bytes) throws IOException {
    return PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.SRGB).picture();
  }

  private static Path awkward() {
    Optional<Path> found =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .map(at -> at.resolve("shared/data/awkward"))
            .filter(Files::isDirectory)
            .findFirst();
    assumeTrue(found.isPresent(), "shared/data/awkward is not beside the checkout");
    return found.orElseThrow();
  }
}
