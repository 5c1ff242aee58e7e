package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.metadata.Density;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.metadata.PngColours;
import dev.fovea.pictures.metadata.PngText;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a picture's file says beside its samples, through both forms of the command. */
class KeptMetadataTest {
  private static final byte[] XMP = "<x:xmpmeta/>".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] IPTC = {0x1C, 2, 25, 0, 3, 'k', 'e', 'y'};
  private static final byte[] LINEAR = {0, 1, (byte) 0x86, (byte) 0xA0};
  private static final PngText AUTHOR =
      new PngText("tEXt", "Author\0Somebody".getBytes(StandardCharsets.US_ASCII));
  private static final Metadata ALL =
      new Metadata(
          Optional.empty(),
          PngColours.NONE.with("gAMA", LINEAR),
          Optional.empty(),
          Optional.of(XMP),
          Optional.of(IPTC),
          Density.ofJfif(1, 300, 300),
          List.of(AUTHOR),
          List.of());

  @TempDir Path folder;

  private Path checkpoint;
  private Path picture;

  @BeforeEach
  void files() throws IOException {
    checkpoint = folder.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(2), 1);
    picture = Files.createDirectory(folder.resolve("in")).resolve("a.png");
    Files.write(picture, PngEncoder.encode(TestPictures.rgb(20, 16, 1).withMetadata(ALL)));
  }

  @Test
  void anArchiveKeepsWhatPngHolds() throws IOException {
    Path out = folder.resolve("png");
    upscale("--images-path", picture.getParent(), "--output-path", out);

    assertKept(read(out.resolve("a.png.png"), ColourPolicy.KEEP));
    assertThat(notes(out)).isEmpty();
  }

  @Test
  void aSinglePictureKeepsIt() throws IOException {
    Path out = folder.resolve("single.png");
    upscale("--image-path", picture, "--output-path", out);

    assertKept(read(out, ColourPolicy.KEEP));
  }

  @Test
  void formatsThatHoldLessSayWhat() throws IOException {
    Path jpeg = folder.resolve("jpeg");
    upscale("--images-path", picture.getParent(), "--output-path", jpeg, "--format=jpeg");
    Path webp = folder.resolve("webp");
    upscale("--images-path", picture.getParent(), "--output-path", webp, "--format=webp");

    Metadata inJpeg = read(jpeg.resolve("a.png.jpg"), ColourPolicy.KEEP).metadata();
    assertThat(inJpeg.iptc()).hasValue(IPTC);
    assertThat(inJpeg.density().orElseThrow().x() * 0.0254).isCloseTo(600, within(0.1));
    assertThat(inJpeg.icc()).isPresent();
    assertThat(notes(jpeg)).singleElement().asString().endsWith("no place for them: Author");
    assertThat(notes(webp)).hasSize(3).allMatch(note -> note.contains("not kept"));
    Path converted = folder.resolve("converted");
    upscale("--images-path", picture.getParent(), "--output-path", converted, "--colours=srgb");
    // What the profile says is what the chunk said: far brighter than the samples seem.
    assertThat(mean(read(webp.resolve("a.png.webp"), ColourPolicy.SRGB)))
        .isCloseTo(mean(read(converted.resolve("a.png.png"), ColourPolicy.SRGB)), within(10.0))
        .isGreaterThan(mean(read(webp.resolve("a.png.webp"), ColourPolicy.KEEP)) + 20);
  }

  private static void assertKept(Picture large) {
    Metadata kept = large.metadata();
    assertThat(large.width()).isEqualTo(40);
    assertThat(kept.xmp()).hasValue(XMP);
    assertThat(kept.iptc()).hasValue(IPTC);
    assertThat(kept.density().orElseThrow().x() * 0.0254).isCloseTo(600, within(0.1));
    assertThat(kept.texts()).extracting(PngText::keyword).containsExactly("Author");
    assertThat(kept.colours().chunks()).containsEntry("gAMA", LINEAR);
  }

  private void upscale(Object... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("upscale", "--engine=nd4j", "--device=cpu", "--checkpoint-path=" + checkpoint));
    for (Object option : options) {
      arguments.add(option.toString());
    }
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static List<String> notes(Path out) throws IOException {
    return ((Upscaled) OutputFiles.manifest(out).get(0)).notes();
  }

  private static double mean(Picture picture) {
    double sum = 0;
    for (int i = 0; i < picture.samples().length(); i++) {
      sum += picture.samples().at(i);
    }
    return sum / picture.samples().length();
  }

  private static Picture read(Path file, ColourPolicy policy) throws IOException {
    return PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), policy).picture();
  }
}
